// The whole way once: sign in, ask by form, keep rows, and find them again after signing out and in.

import { LOCAL } from '../support/skyport';
import { expect, test } from '../support/test';
import { readVotable } from '../support/votable';

interface BasketFile {
  items: { label: string; archive: string; note: string; columns: { name: string; value: unknown }[] }[];
}

test('first light: from the first page to rows that stay in the basket', async ({ skyport, context }) => {
  const { page } = skyport;
  await skyport.open('/');
  await skyport.signIn('astronomer');
  expect(skyport.address()).toBe('/');
  await skyport.emptyBasket();

  await test.step('ask the local archive for the stars around M 42', async () => {
    await skyport.place('Datasets').click();
    await expect(skyport.heading('Datasets')).toBeVisible();
    await skyport.main.getByRole('link', { name: LOCAL }).click();
    await expect(skyport.heading(LOCAL)).toBeVisible();
    await skyport.main.getByRole('link', { name: 'Ask this archive' }).click();
    await expect(skyport.heading('Ask the archives')).toBeVisible();
    await page.getByLabel('Table', { exact: true }).selectOption('sky.stars');
    await page.getByLabel('Target').fill('M 42');
    await page.getByLabel('Radius').fill('3 deg');
    if (!skyport.script) await page.getByRole('button', { name: 'Show ADQL' }).click();
    await expect(page.getByText(/^M 42 · 83\.8/)).toBeVisible();
    await expect(skyport.editor).toHaveValue(/FROM sky\.stars\s+WHERE 1 = CONTAINS\(.*CIRCLE\('ICRS', 83\.8.*, 3\)\)/);
    await skyport.run();
  });

  await test.step('sort by brightness and keep the three brightest', async () => {
    const { shown, total } = await skyport.counts();
    expect(total).toBeGreaterThan(50);
    expect(shown).toBe(total);
    await skyport.sorter('mag').click();
    await expect(page).toHaveURL(/sort=mag/);
    await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'ascending');
    await expect(skyport.row(1)).toContainText('26241');
    await expect(skyport.row(1)).toContainText('2.75');
    await skyport.addRows(1, 2, 3);
    await expect(skyport.main.getByText('3 items added to the basket.')).toBeVisible();
    await skyport.expectInBasket(3);
  });

  await test.step('sign out and in again: they are still there', async () => {
    await skyport.signOut();
    await skyport.expectInBasket(0);
    await skyport.signIn('astronomer');
    await skyport.expectInBasket(3);
    await skyport.place('Basket').click();
    await expect(skyport.heading('Basket')).toBeVisible();
    await expect(skyport.main.getByRole('heading', { name: '3 items' })).toBeVisible();
    await expect(item('26241')).toBeVisible();
  });

  await test.step('write a note, in any script', async () => {
    const note = 'ι Ori, brightest of the sword — הכוכב הבהיר 🌟';
    const form = await skyport.unfold('Write a note', item('26241'));
    await form.getByLabel('Note').fill(note);
    await form.getByRole('button', { name: 'Keep the note' }).click();
    await expect(item('26241').getByRole('paragraph').filter({ hasText: note })).toBeVisible();

    await test.step('download as JSON and VOTable', async () => {
      const json = await skyport.download(skyport.main.getByRole('link', { name: 'Download as JSON' }));
      expect(json.name).toBe('skyport-basket.json');
      const { items } = JSON.parse(json.bytes.toString('utf8')) as BasketFile;
      expect(items).toHaveLength(3);
      const star = items.find(({ columns }) => columns.some(({ name, value }) => name === 'hip' && value === 26241));
      expect(star?.note).toBe(note);
      expect(star?.columns.find(({ name }) => name === 'mag')?.value).toBe(2.75);

      const votable = await skyport.download(skyport.main.getByRole('link', { name: 'Download as VOTable' }));
      expect(votable.name).toBe('skyport-basket.vot');
      const [table] = await readVotable(context, votable.bytes.toString('utf8'));
      expect(table?.rows).toHaveLength(3);
      const hip = table?.fields.findIndex(({ name }) => name === 'hip') ?? -1;
      const mag = table?.fields.findIndex(({ name }) => name === 'mag') ?? -1;
      expect(table?.fields[mag]?.unit).toBe('mag');
      expect(table?.rows.find((row) => row[hip] === '26241')?.[mag]).toBe('2.75');
      expect(table?.rows.flat()).toContain(note);
    });
  });

  await test.step('remove one, empty the rest, and put it back', async () => {
    await item('26241').getByRole('checkbox').check();
    await skyport.main.getByRole('button', { name: 'Remove ticked' }).first().click();
    await expect(skyport.main.getByText('1 item removed.')).toBeVisible();
    await expect(item('26241')).toHaveCount(0);
    await expect(skyport.main.getByRole('heading', { name: '2 items' })).toBeVisible();
    await skyport.expectInBasket(2);

    const question = await skyport.unfold('Empty the basket');
    await expect(question).toContainText('All 2 items and their notes are removed.');
    await question.getByRole('button', { name: 'Remove 2 items' }).click();
    await expect(skyport.main.getByText('The basket is empty')).toBeVisible();
    await skyport.expectInBasket(0);
    await skyport.main.getByRole('button', { name: 'Put them back' }).click();
    await expect(skyport.main.getByRole('heading', { name: '2 items' })).toBeVisible();
    await skyport.expectInBasket(2);
  });

  function item(words: string) {
    return skyport.main.getByRole('listitem').filter({ has: page.getByRole('checkbox', { name: new RegExp(words) }) });
  }
});

test('the address bar holds the question: it can be reloaded and sent to somebody', async ({ skyport, elsewhere }) => {
  const address = '/datasets/query?archive=local&table=sky.stars&target=M%2042&radius=3%20deg&c.mag=%3C%205';
  await skyport.open(address);
  await expect(skyport.page.getByLabel('Target')).toHaveValue('M 42');
  const adql = await skyport.editor.inputValue();
  expect(adql).toContain('mag < 5');
  const other = await elsewhere();
  await other.open(skyport.address());
  await expect(other.editor).toHaveValue(adql);
});
