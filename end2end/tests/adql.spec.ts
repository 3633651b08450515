// ADQL by hand: faults at their place with the names that were meant, and nothing that was typed is ever lost.

import { expect, test } from '../support/test';

const WRONG = 'SELECT TOP 5 hip, magg\nFROM sky.stars\nORDER BY mag';
const RIGHT = WRONG.replace('magg', 'mag');

test('an unknown column is marked at its place, corrected, and the query runs', async ({ skyport, watch }) => {
  watch.expectStatus(422);
  const { page, editor, script } = skyport;
  await skyport.open('/datasets/query?archive=local');
  await editor.fill(WRONG);
  if (!script) await page.getByRole('button', { name: 'Run query' }).click();

  await expect(skyport.main.getByText(/^Line 1, column 19: /)).toBeVisible();
  await expect(page.getByText('Fault in line 1')).toBeVisible();
  await expect(editor).toHaveAttribute('aria-invalid', 'true');
  await expect(editor, 'what was typed is still there').toHaveValue(WRONG);
  await expect(skyport.main.getByText(/Did you mean .*mag/).first()).toBeVisible();

  if (script) {
    await expect(page.locator('.editor .faulty')).toHaveText('magg');
    await page.getByRole('button', { name: 'mag', exact: true }).first().click();
    await expect(editor).toHaveValue(RIGHT);
    await expect(page.getByText('Valid', { exact: true })).toBeVisible();
    await expect(page.getByText('the form does not describe it any more')).toBeVisible();
    await editor.press('Control+Enter');
    await skyport.completed();
  } else {
    await editor.fill(RIGHT);
    await skyport.run();
  }
  expect(await skyport.counts()).toEqual({ shown: 5, total: 5 });
  await expect(skyport.row(1)).toContainText('32349');
  await expect(skyport.row(1), 'Sirius').toContainText('−1.44');

  await test.step('the text comes back for another round', async () => {
    await skyport.main.getByRole('link', { name: 'Edit and ask again' }).click();
    await expect(editor).toHaveValue(RIGHT);
  });
});

for (const [what, adql, sentence] of [
  ['a syntax error', 'SELECT hip,\nFROM sky.stars', /^Line 2, column 1: /],
  ['an unknown table', 'SELECT hip FROM sky.starz', /^Line 1, column 17: /],
  [
    'what is not supported',
    "SELECT 1 FROM sky.stars WHERE 1 = INTERSECTS(CIRCLE('ICRS', 1, 2, 3), CIRCLE('ICRS', 1, 2, 3))",
    /^Line 1, column \d+: .*INTERSECTS/,
  ],
] as const) {
  test(`${what} is refused at its place`, async ({ skyport, watch }) => {
    watch.expectStatus(422);
    await skyport.open('/datasets/query?archive=local');
    await skyport.editor.fill(adql);
    await skyport.page.getByRole('button', { name: 'Run query' }).click();
    await expect(skyport.main.getByText(sentence)).toBeVisible();
    await expect(skyport.editor).toHaveValue(adql);
    await expect(skyport.heading('Ask the archives')).toBeVisible();
  });
}

test('a form with faults says which field and keeps what was typed', async ({ skyport, watch }) => {
  watch.expectStatus(422);
  const { page, script } = skyport;
  await skyport.open('/datasets/query?archive=local&table=sky.stars');
  await page.getByLabel('Target').fill('Nowhere In Particular 42');
  await page.getByLabel('Radius').fill('wide');
  await page.getByLabel('At most').fill('many');
  if (!script) await page.getByRole('button', { name: 'Show ADQL' }).click();
  await expect(page.getByText('Write a whole number of rows, such as 1000.')).toBeVisible();
  await expect(page.getByLabel('Target')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Target')).toHaveValue('Nowhere In Particular 42');
  await expect(page.getByLabel('Radius')).toHaveValue('wide');
  await expect(page.getByLabel('At most')).toHaveValue('many');
  await expect(page.getByText('The form needs another look', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run query' })).toBeDisabled();
});

test('conditions and columns of the form are in its ADQL', async ({ skyport }) => {
  const { page, editor, script } = skyport;
  await skyport.open('/datasets/query?archive=local&table=sky.stars');
  await page.getByLabel('Add a condition on').selectOption('mag');
  if (!script) await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('mag', { exact: true }).and(page.getByRole('textbox')).fill('< 1');
  const columns = await skyport.unfold(/^Columns/, skyport.main);
  await columns.getByRole('checkbox', { name: /^bv/ }).uncheck();
  if (!script) await page.getByRole('button', { name: 'Show ADQL' }).click();
  await expect(editor).toHaveValue(/SELECT TOP 1000 hip, ra, dec, mag\s+FROM sky\.stars\s+WHERE mag < 1$/);
  await skyport.run();
  expect((await skyport.counts()).total).toBeGreaterThan(10);
  await expect(skyport.column('bv')).toHaveCount(0);
});

test('names are completed and inserted by click', async ({ skyport }) => {
  test.skip(!skyport.script, 'needs JavaScript');
  const { page, editor } = skyport;
  await skyport.open('/datasets/query?archive=local&table=sky.stars');
  await editor.fill('');
  await editor.pressSequentially('SELECT hip FROM sky.mess');
  const suggestions = page.getByRole('listbox');
  await expect(suggestions.getByRole('option').first()).toContainText('messier');
  await editor.press('Enter');
  await expect(editor).toHaveValue('SELECT hip FROM sky.messier');
  await expect(suggestions).toBeHidden();

  await editor.fill('SELECT ');
  await page.getByRole('complementary', { name: 'Tables and columns' }).getByRole('button', { name: 'mag', exact: true }).click();
  await expect(editor).toHaveValue('SELECT mag');
});
