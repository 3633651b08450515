// The table of a result: order, filters, columns, selection, exact numbers, plots, files.

import { expect, test } from '../support/test';
import { readVotable } from '../support/votable';

const ADQL = 'SELECT hip, ra, dec, mag, bv FROM sky.stars WHERE mag < 4';

test('sort, filter, choose columns; numbers are exact and the address carries it all', async ({ skyport }) => {
  const { page, script } = skyport;
  await skyport.ask(ADQL);
  const magnitudes = await test.step('the CSV has every row', async () => {
    const menu = await skyport.unfold('Download', skyport.main);
    const csv = await skyport.download(menu.getByRole('link', { name: /^CSV/ }));
    expect(csv.name).toMatch(/\.csv$/);
    const [head, ...lines] = csv.bytes.toString('utf8').trim().split(/\r?\n/);
    expect(head).toBe('hip,ra,dec,mag,bv');
    return lines.map((line) => Number(line.split(',')[3]));
  });
  const total = magnitudes.length;
  expect(await skyport.counts()).toEqual({ shown: total, total });

  await test.step('the other files have as many', async () => {
    const menu = await skyport.unfold('Download', skyport.main);
    const votable = await skyport.download(menu.getByRole('link', { name: /^VOTable/ }));
    expect(votable.name).toMatch(/\.vot(able)?$|\.xml$/);
    const text = votable.bytes.toString('utf8');
    const [table] = await readVotable(page.context(), text);
    expect(table?.fields.map(({ name }) => name)).toEqual(['hip', 'ra', 'dec', 'mag', 'bv']);
    expect(table?.fields.map(({ unit }) => unit)).toEqual([null, 'deg', 'deg', 'mag', 'mag']);
    if (table && table.rows.length > 0) expect(table.rows).toHaveLength(total);
    else expect(text, 'rows in binary').toContain('BINARY2');
    const again = await skyport.unfold('Download', skyport.main);
    const parquet = await skyport.download(again.getByRole('link', { name: /^Parquet/ }));
    expect(parquet.name).toMatch(/\.parquet$/);
    expect(parquet.bytes.subarray(0, 4).toString('latin1')).toBe('PAR1');
    expect(parquet.bytes.subarray(-4).toString('latin1')).toBe('PAR1');
  });
  await skyport.fold('Download', skyport.main);

  await test.step('sort up and down', async () => {
    await skyport.sorter('mag').click();
    await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'ascending');
    await expect(skyport.row(1), 'Sirius').toContainText('32349');
    await skyport.sorter('mag').click();
    await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'descending');
    await expect(page).toHaveURL(/sort=-mag/);
    await expect(skyport.row(1)).not.toContainText('32349');
  });

  await test.step('filter a column', async () => {
    await page.getByRole('textbox', { name: 'Filter mag' }).fill('< 1.5');
    if (!script) await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page).toHaveURL(/f\.mag=%3C(\+|%20)1\.5/);
    const bright = magnitudes.filter((mag) => mag < 1.5).length;
    await expect.poll(() => skyport.counts()).toEqual({ shown: bright, total });
    await expect(skyport.tick(bright)).toBeVisible();
    await expect(skyport.tick(bright + 1)).toHaveCount(0);
    await expect(skyport.row(bright), 'the brightest is last').toContainText('32349');
  });

  await test.step('a filter that is none is said beside it', async () => {
    await page.getByRole('textbox', { name: 'Filter bv' }).fill('blue');
    if (!script) await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page.getByRole('textbox', { name: 'Filter bv' })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('textbox', { name: 'Filter bv' })).toHaveValue('blue');
    await page.getByRole('textbox', { name: 'Filter bv' }).fill('');
    if (!script) await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page.getByRole('textbox', { name: 'Filter bv' })).not.toHaveAttribute('aria-invalid', /.*/);
  });

  await test.step('choose columns', async () => {
    const menu = await skyport.unfold(/^Columns/, skyport.main);
    await menu.getByRole('checkbox', { name: /^ra/ }).uncheck();
    if (!script) await menu.getByRole('button', { name: 'Show these' }).click();
    await expect(skyport.column('ra')).toHaveCount(0);
    await expect(skyport.column('dec')).toBeVisible();
    await expect(page).toHaveURL(/cols=hip(%2C|&cols=)dec(%2C|&cols=)mag(%2C|&cols=)bv/);
  });

  await test.step('the address shows the same to its owner in another tab', async () => {
    const rows = await skyport.counts();
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await expect(tab.getByRole('columnheader').filter({ has: tab.getByRole('link', { name: 'ra', exact: true }) })).toHaveCount(
      0,
    );
    await expect(tab.getByRole('heading', { level: 2, name: `${rows.shown} of ${rows.total} rows` })).toBeVisible();
    await tab.close();
  });

  await test.step('and clearing the filters brings every row back', async () => {
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await expect.poll(() => skyport.counts()).toEqual({ shown: total, total });
  });
});

test('a selection survives sorting, filtering and scrolling to the end', async ({ skyport }) => {
  test.skip(!skyport.script, 'without JavaScript ticks belong to the page that is shown');
  const { page } = skyport;
  await skyport.ask(ADQL);
  const { total } = await skyport.counts();
  await skyport.sorter('mag').click();
  await expect(skyport.row(1)).toContainText('32349');
  await skyport.tick(1).check();
  await skyport.row(4).click({ modifiers: ['Shift'] });
  const said = skyport.main.getByRole('status').filter({ hasText: 'selected' });
  await expect(said).toHaveText('4 rows selected');

  await skyport.sorter('mag').click();
  await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'descending');
  await expect(said).toHaveText('4 rows selected');
  await expect(skyport.tick(1)).not.toBeChecked();

  const grid = page.getByRole('grid');
  await grid.focus();
  await grid.press('End');
  await expect(skyport.tick(total)).toBeChecked();
  await expect(skyport.tick(total - 3)).toBeChecked();
  await expect(skyport.tick(total - 4)).not.toBeChecked();
  await expect(skyport.row(total)).toContainText('32349');
  await expect(skyport.tick(1), 'only rows in sight exist').toHaveCount(0);
  await grid.press('Home');
  await expect(skyport.tick(1)).not.toBeChecked();

  await page.getByRole('textbox', { name: 'Filter mag' }).fill('< 0');
  await expect(page).toHaveURL(/f\.mag/);
  await expect(said).toHaveText('4 rows selected');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(said).toHaveText('No row selected');
  await page.getByRole('button', { name: /^Select all / }).click();
  const { shown } = await skyport.counts();
  await expect(said).toHaveText(`${shown} rows selected`);
});

test('pages of a result lead to each other', async ({ skyport }) => {
  test.skip(skyport.script, 'with JavaScript the table scrolls');
  const { page } = skyport;
  await skyport.ask(ADQL);
  const { total } = await skyport.counts();
  const pages = page.getByRole('navigation', { name: 'Pages of rows' });
  await expect(pages).toContainText(`1–50 of ${total}`);
  const first = await skyport.row(1).innerText();
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/offset=50/);
  await expect(pages).toContainText(`51–100 of ${total}`);
  await expect(skyport.tick(51)).toBeVisible();
  await pages.getByRole('link', { name: 'Previous' }).click();
  expect(await skyport.row(1).innerText()).toBe(first);
});

test('a histogram and a scatter plot say in words what they show', async ({ skyport }) => {
  const { page, script } = skyport;
  await skyport.ask(ADQL);
  const { total } = await skyport.counts();
  await expect(page.getByRole('img', { name: new RegExp(`^Histogram of mag over ${total} rows`) })).toBeVisible();
  await page.getByLabel('Up', { exact: true }).selectOption('bv');
  if (!script) await page.getByRole('button', { name: 'Draw' }).click();
  await expect(page.getByRole('img', { name: /^Scatter plot of bv against mag for \d+ rows/ })).toBeVisible();
  await expect(page).toHaveURL(/y=bv/);
});

test('a range dragged in the plot is a filter of the table', async ({ skyport }) => {
  test.skip(!skyport.script, 'needs JavaScript');
  const { page } = skyport;
  await skyport.ask(ADQL);
  const { total } = await skyport.counts();
  const plot = page.getByRole('img', { name: /^Histogram of mag/ });
  await plot.scrollIntoViewIfNeeded();
  const glass = await page.locator('.plot .glass').boundingBox();
  if (!glass) throw new Error('the plot has no place to drag in');
  const middle = glass.y + glass.height / 2;
  await page.mouse.move(glass.x + glass.width * 0.25, middle);
  await page.mouse.down();
  await page.mouse.move(glass.x + glass.width * 0.5, middle, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/f\.mag=/);
  await expect(page.getByRole('textbox', { name: 'Filter mag' })).toHaveValue(/\.\./);
  await expect.poll(async () => (await skyport.counts()).shown).toBeLessThan(total);
  expect((await skyport.counts()).shown).toBeGreaterThan(0);
});

test('a whole result goes into the basket as one item', async ({ skyport }) => {
  await skyport.open('/');
  await skyport.signIn();
  await skyport.emptyBasket();
  await skyport.ask('SELECT TOP 60 hip, mag FROM sky.stars ORDER BY mag');
  const more = await skyport.unfold('More', skyport.main);
  await more.getByRole('button', { name: 'The whole result as one item into the basket' }).click();
  await expect(skyport.main.getByText('1 item added to the basket.')).toBeVisible();
  await skyport.place('Basket').click();
  await expect(skyport.main.getByText(/Whole result, 60 rows/)).toBeVisible();
});

test('the cells of a table of one column lie side by side', async ({ skyport }) => {
  await skyport.ask('SELECT TOP 5 hip FROM sky.stars ORDER BY hip');
  const edges = await skyport.row(1).evaluate((row) =>
    [...row.children].map((cell) => {
      const { left, right, height } = cell.getBoundingClientRect();
      return { left, right, isWhole: height === row.getBoundingClientRect().height };
    }),
  );
  const [tick, hip] = edges;
  expect(hip?.left).toBe(tick?.right);
  expect(edges.map(({ isWhole }) => isWhole)).toEqual([true, true]);
});
