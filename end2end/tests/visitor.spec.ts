// Without an account: browse, ask, select; keeping asks to sign in and comes back to exactly where one was.

import { LOCAL } from '../support/skyport';
import { expect, test } from '../support/test';

test('a visitor asks, selects, is asked to sign in, and comes back to what was selected', async ({ skyport, watch }) => {
  // The page asks for the basket before it knows that this needs an account.
  watch.expectStatus(401);
  const { page } = skyport;

  await test.step('find the table by what it holds', async () => {
    await skyport.open('/datasets');
    await skyport.main.getByRole('searchbox', { name: 'Search archives and tables' }).fill('messier');
    await skyport.main.getByRole('button', { name: 'Search', exact: true }).click();
    await expect(skyport.main.getByText(/^1 archive for/)).toBeVisible();
    await skyport.main.getByRole('link', { name: /sky\.messier/ }).click();
    await expect(skyport.heading(LOCAL)).toBeVisible();
    await expect(skyport.main.getByRole('heading', { level: 2, name: 'sky.messier' })).toBeVisible();
    const mag = skyport.main.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^mag/ }) });
    await expect(mag).toContainText('mag');
    await skyport.main.getByRole('link', { name: 'Ask this table' }).click();
    await expect(page.getByLabel('Table', { exact: true })).toHaveValue('sky.messier');
  });

  await test.step('ask it for everything', async () => {
    await expect(skyport.editor).toHaveValue(/FROM sky\.messier/);
    await skyport.run();
    expect(await skyport.counts()).toEqual({ shown: 110, total: 110 });
    await skyport.sorter('mag').click();
    await expect(skyport.column('mag')).toHaveAttribute('aria-sort', 'ascending');
    // The order is told at once, the rows follow.
    await expect(skyport.row(1), 'the brightest comes first').toContainText('M 45');
  });

  const here = skyport.address();
  expect(here).toMatch(/^\/queries\/[^?]+\?sort=mag$/);
  const first = await skyport.row(1).innerText();
  const third = await skyport.row(3).innerText();

  await test.step('keeping rows asks to sign in', async () => {
    await skyport.addRows(1, 3);
    await expect(skyport.heading('Sign in')).toBeVisible();
    await skyport.awake();
    await skyport.choose('operator');
  });

  await test.step('back at the same address, the same rows are selected', async () => {
    expect(skyport.address()).toBe(here);
    await expect(skyport.main.getByText('The 2 rows that you had selected are selected again.')).toBeVisible();
    await expect(skyport.tick(1)).toBeChecked();
    await expect(skyport.tick(2)).not.toBeChecked();
    await expect(skyport.tick(3)).toBeChecked();
    expect(await skyport.row(1).innerText()).toBe(first);
    expect(await skyport.row(3).innerText()).toBe(third);
    if (skyport.script) await expect(skyport.main.getByText('2 rows selected')).toBeVisible();
  });

  await test.step('and go into the basket', async () => {
    await skyport.emptyBasket();
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await expect(skyport.main.getByText('2 items added to the basket.')).toBeVisible();
    await skyport.expectInBasket(2);
    await skyport.place('Queries').click();
    await expect(skyport.heading('Queries')).toBeVisible();
    await expect(skyport.main.getByText('110 rows').first(), 'the query went along').toBeVisible();
  });
});

test('pages that need an account say so and lead back', async ({ skyport, watch }) => {
  watch.expectStatus(401);
  await skyport.open('/basket');
  await skyport.main.getByRole('link', { name: 'Sign in' }).click();
  await skyport.awake();
  await skyport.choose();
  expect(skyport.address()).toBe('/basket');
  await skyport.signOut();
  await skyport.open('/account');
  await skyport.main.getByRole('link', { name: 'Sign in' }).click();
  await skyport.awake();
  await skyport.choose();
  expect(skyport.address()).toBe('/account');
});

test('a sign-in that is cancelled says so, and nobody is signed in', async ({ skyport }) => {
  await skyport.open('/sign-in?next=%2Fdatasets');
  await skyport.page.getByRole('button', { name: /^Sign in with / }).click();
  await skyport.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(skyport.heading('Sign in')).toBeVisible();
  await expect(skyport.page.getByRole('alert')).toContainText('You stopped the sign-in at the provider');
  await skyport.awake();
  await skyport.expectSignedOut();
  await skyport.choose();
  expect(skyport.address()).toBe('/datasets');
});
