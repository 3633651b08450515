// The catalogue of software: searched, narrowed, starred, read; and a container of one's own from a real registry.

import type { Locator } from '@playwright/test';
import { look } from '../support/look';
import type { Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

const cards = (skyport: Skyport): Locator => skyport.main.locator('.cards > li');
const card = (skyport: Skyport, title: string): Locator =>
  cards(skyport).filter({ has: skyport.page.getByRole('heading', { level: 2, name: title, exact: true }) });
const facet = (skyport: Skyport, name: RegExp): Locator =>
  skyport.main.getByRole('navigation', { name: 'Narrow the search' }).getByRole('link', { name });

/** Path and query, less the empty field that the router's form adds for its button. */
const address = (skyport: Skyport): string => skyport.address().replace('&=', '');

async function searchFor(skyport: Skyport, words: string): Promise<void> {
  await skyport.main.getByRole('searchbox', { name: 'Search software' }).fill(words);
  await skyport.main.getByRole('button', { name: 'Search' }).click();
}

test('is found by words, narrowed, and read', async ({ skyport, watch }) => {
  watch.expectStatus(401);
  await skyport.open('/');
  await skyport.page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Software' }).click();
  await expect(skyport.heading('Software')).toBeVisible();
  await expect(card(skyport, 'JupyterLab with astropy')).toBeVisible();

  await test.step('any version of it', async () => {
    await searchFor(skyport, 'casa 6.5');
    await expect(cards(skyport)).toHaveCount(1);
    await expect(card(skyport, 'CASA')).toBeVisible();
    expect(address(skyport)).toBe('/software?q=casa+6.5');
  });

  await test.step('facets are kept in the address and taken off again', async () => {
    await skyport.main.getByRole('link', { name: 'Show all' }).click();
    await expect(card(skyport, 'JupyterLab with astropy')).toBeVisible();
    await facet(skyport, /^Web app/).click();
    await expect(card(skyport, 'CARTA')).toBeVisible();
    await expect(card(skyport, 'JupyterLab with astropy')).toHaveCount(0);
    await facet(skyport, /^Radio astronomy/).click();
    await expect(cards(skyport)).toHaveCount(1);
    expect(skyport.address()).toBe('/software?kind=web-app&domain=Radio%20astronomy');
    await skyport.open(skyport.address());
    await expect(cards(skyport)).toHaveCount(1);
    await searchFor(skyport, 'images');
    await expect.poll(() => address(skyport)).toBe('/software?q=images&kind=web-app&domain=Radio+astronomy');
    await expect(cards(skyport)).toHaveCount(1);
    await facet(skyport, /^Web app/).click();
    await expect.poll(() => skyport.address()).not.toContain('kind=');
  });

  await test.step('the page of an entry', async () => {
    await card(skyport, 'CARTA').getByRole('link', { name: 'CARTA', exact: true }).click();
    await expect(skyport.heading('CARTA')).toBeVisible();
    await expect(skyport.main.locator('.prose em')).toContainText('Cube Analysis and Rendering Tool');
    await expect(skyport.main).toContainText('docker.io/cartavis/carta:latest');
    await expect(skyport.main).toContainText('pinned when it is first run here');
    await expect(skyport.main.getByRole('link', { name: '10.5281/zenodo.3377984' })).toBeVisible();
  });

  await test.step('nothing found leads back', async () => {
    await skyport.open('/software?q=no-such-thing');
    await skyport.main.getByRole('link', { name: 'Show all software' }).click();
    await expect(card(skyport, 'JupyterLab with astropy')).toBeVisible();
  });
});

test('favourites stay with the user', async ({ skyport, watch }) => {
  watch.expectStatus(401);
  await skyport.open('/software');
  await expect(skyport.main.getByRole('button', { name: /favourites/ })).toHaveCount(0);
  await skyport.signIn();
  for (const name of ['terminal', 'notebook']) await skyport.call('software/favourite', { name, favourite: 'false' });
  await skyport.open('/software');
  await card(skyport, 'Terminal').getByRole('button', { name: 'Add Terminal to your favourites' }).click();
  await expect(card(skyport, 'Terminal').getByRole('button', { name: 'Remove Terminal from your favourites' })).toBeVisible();
  await facet(skyport, /^Favourites/).click();
  await expect(cards(skyport)).toHaveCount(1);
  await skyport.open('/software/terminal');
  await skyport.main.getByRole('button', { name: 'In your favourites' }).click();
  await expect(skyport.main.getByRole('button', { name: 'Add to favourites' })).toBeVisible();
  await skyport.open('/software?show=favourites');
  await expect(skyport.main.getByText('No favourites yet')).toBeVisible();
  await skyport.leave();
});

test('a container that no listed registry has is refused, and what was typed stays', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 422);
  await skyport.open('/software/new');
  await expect(skyport.main.getByText('Sign in to add a container')).toBeVisible();
  await look(skyport, 'software-new-visitor', info);
  await skyport.main.getByRole('link', { name: 'Sign in' }).click();
  await skyport.choose();
  await expect(skyport.heading('Add your own container')).toBeVisible();
  const image = skyport.page.getByRole('textbox', { name: 'Image' });
  await image.fill('evil.example/mine:1');
  await skyport.page.getByRole('textbox', { name: 'Title' }).fill('Mine & only mine');
  await skyport.unfold('More options');
  await skyport.page.getByLabel('Password or token there').fill('hunter2');
  await skyport.page.getByLabel('User at a private registry').fill('me');
  await skyport.page.getByRole('button', { name: 'Add container' }).click();
  await expect(skyport.main.getByText('evil.example is none of the registries that this Skyport asks').first()).toBeVisible();
  await expect(image).toHaveValue('evil.example/mine:1');
  await expect(image).toHaveAttribute('aria-invalid', 'true');
  await expect(skyport.page.getByRole('textbox', { name: 'Title' })).toHaveValue('Mine & only mine');
  expect(skyport.page.url()).not.toContain('hunter2');
  await look(skyport, 'software-new-refused', info);
  await skyport.leave();
});
