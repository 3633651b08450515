// The whole way once among servers that nobody here wrote: find the archive, ask it by form and in ADQL, keep rows, and
// find them again after signing out and in.

import { DACHS, expect, TABLE, test } from '../../support/outside';

/** Where an address leads: a form without a script also sends the fields that nobody filled in. */
function place(address: string): string[] {
  const url = new URL(address, 'http://portal');
  return [url.pathname, ...[...url.searchParams].filter(([, value]) => value !== '').map((pair) => pair.join('='))];
}

/** The stars around the sword of Orion, as DaCHS knows them; brightest first: 26241, 26549, 26237. */
const BRIGHTEST = `SELECT TOP 3 id, mag
FROM ${TABLE}
WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.8, -5.4, 3))
ORDER BY mag`;

test('first light: an archive, a provider and a database of others', async ({ skyport, elsewhere, watch }) => {
  // A visitor's page asks for the basket before it knows that this needs an account.
  watch.expectStatus(401);
  const { page, script } = skyport;

  await test.step('a visitor finds the archive and its table', async () => {
    await skyport.open('/');
    await skyport.expectSignedOut();
    await skyport.place('Datasets').click();
    await expect(skyport.heading('Datasets')).toBeVisible();
    await skyport.awake();
    // It is asked for the first time when the portal starts.
    await expect(async () => {
      await skyport.open('/datasets');
      await expect(archive().getByText('Answering', { exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await archive().getByRole('link', { name: DACHS }).click();
    await expect(skyport.heading(DACHS)).toBeVisible();
    await skyport.main.getByRole('link', { name: new RegExp(`^${TABLE.replace('.', '\\.')}`) }).click();
    await expect(skyport.main.getByRole('heading', { level: 2, name: TABLE })).toBeVisible();
    for (const [name, ...facts] of [
      ['ra', 'deg', 'Right ascension'],
      ['mag', 'mag', 'Magnitude'],
      ['bv', 'mag', 'Colour index'],
    ] as const) {
      const column = skyport.main.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${name}`) }) });
      for (const fact of facts) await expect(column, name).toContainText(fact);
    }
  });

  await test.step('asks it by the form', async () => {
    await skyport.main.getByRole('link', { name: 'Ask this table' }).click();
    await expect(page.getByLabel('Table', { exact: true })).toHaveValue(TABLE);
    await skyport.awake();
    await page.getByLabel('Target').fill('M 42');
    await page.getByLabel('Radius').fill('3 deg');
    if (!script) await page.getByRole('button', { name: 'Show ADQL' }).click();
    await expect(page.getByText(/^M 42 · 83\.8/)).toBeVisible();
    await expect(skyport.editor).toHaveValue(/FROM demo\.stars\s+WHERE 1 = CONTAINS\(.*CIRCLE\('ICRS', 83\.8.*, 3\)\)/);
    await skyport.run();
    await expect(skyport.main.getByRole('link', { name: DACHS }), 'the page says whom it asked').toBeVisible();
  });

  await test.step('sorts and filters the rows', async () => {
    const { total } = await skyport.counts();
    expect(total).toBeGreaterThan(50);
    await skyport.sorter('mag').click();
    await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'ascending');
    await expect(skyport.row(1)).toContainText('26241');
    await expect(skyport.row(1)).toContainText('2.75');
    await page.getByRole('textbox', { name: 'Filter mag' }).fill('< 5');
    if (!script) await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page).toHaveURL(/f\.mag=%3C(\+|%20)5/);
    await expect.poll(async () => (await skyport.counts()).shown).toBeLessThan(total);
    const { shown } = await skyport.counts();
    expect(shown).toBeGreaterThan(3);
    await expect(skyport.tick(shown)).toBeVisible();
    await expect(skyport.row(2)).toContainText('26549');
  });

  const here = skyport.address();

  await test.step('wants to keep two, signs in at the institute, and is back where they were', async () => {
    await skyport.addRows(1, 2);
    await expect(skyport.heading('Sign in')).toBeVisible();
    await skyport.awake();
    await skyport.choose('astronomer');
    expect(place(here)).toEqual([expect.stringMatching(/^\/queries\//), 'sort=mag', 'f.mag=< 5']);
    expect(place(skyport.address())).toEqual(place(here));
    await expect(skyport.main.getByText('The 2 rows that you had selected are selected again.')).toBeVisible();
    await expect(skyport.tick(1)).toBeChecked();
    await expect(skyport.tick(2)).toBeChecked();
    await expect(skyport.tick(3)).not.toBeChecked();
    await expect(skyport.row(1)).toContainText('26241');
    await expect(skyport.row(2)).toContainText('26549');
    await skyport.emptyBasket();
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await expect(skyport.main.getByText('2 items added to the basket.')).toBeVisible();
    await skyport.expectInBasket(2);
  });

  await test.step('asks in ADQL, and keeps one more', async () => {
    await skyport.ask(BRIGHTEST, 'dachs');
    expect(await skyport.counts()).toEqual({ shown: 3, total: 3 });
    for (const [place, id, mag] of [
      [1, '26241', '2.75'],
      [2, '26549', '3.77'],
      [3, '26237', '4.58'],
    ] as const) {
      await expect(skyport.row(place)).toContainText(id);
      await expect(skyport.row(place)).toContainText(mag);
    }
    await skyport.addRows(3);
    await expect(skyport.main.getByText('1 item added to the basket.')).toBeVisible();
    await skyport.expectInBasket(3);
  });

  await test.step('signs out and in again: the basket still has them', async () => {
    await skyport.signOut('astronomer');
    await skyport.expectInBasket(0);
    await skyport.signIn('astronomer');
    await skyport.expectInBasket(3);
    await skyport.place('Basket').click();
    await expect(skyport.main.getByRole('heading', { name: '3 items' })).toBeVisible();
    await expect(skyport.main.getByText(DACHS).first()).toBeVisible();
    for (const id of ['26241', '26549', '26237']) {
      await expect(skyport.main.getByRole('checkbox', { name: new RegExp(id) })).toHaveCount(1);
    }
  });

  await test.step('from another browser too; and signs out of both', async () => {
    const second = await elsewhere();
    await second.open('/basket');
    await second.signIn('astronomer');
    await expect(second.main.getByRole('heading', { name: '3 items' })).toBeVisible();
    await skyport.open('/account');
    await expect(skyport.main).toContainText('ada@example.org');
    await expect(skyport.main.getByRole('listitem').filter({ hasText: 'Signed in' })).toHaveCount(1);
    const question = await skyport.unfold('Sign out everywhere', skyport.main);
    await question.getByRole('button', { name: 'Sign out everywhere' }).click();
    await skyport.expectSignedOut();
    await second.open('/account');
    await second.expectSignedOut();
    await expect(second.main.getByText('You are not signed in')).toBeVisible();
  });

  function archive() {
    return skyport.main.getByRole('article').filter({ has: page.getByRole('link', { name: DACHS }) });
  }
});

test('who stops at the institute is not signed in, and comes back to where they were', async ({ skyport }) => {
  await skyport.open('/sign-in?next=%2Fdatasets');
  await skyport.page.getByRole('button', { name: /^Sign in with / }).click();
  await expect(skyport.heading('Sign-in')).toBeVisible();
  await skyport.page.getByRole('link', { name: 'Cancel' }).click();
  await expect(skyport.page.getByRole('alert')).toContainText('You stopped the sign-in at the provider');
  await skyport.awake();
  await skyport.expectSignedOut();
  await skyport.choose('operator');
  expect(skyport.address()).toBe('/datasets');
});
