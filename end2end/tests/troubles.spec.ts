// What is not even a page: a form of another site, an address that only a form leads to, too much at once. A browser gets
// the frame all the same, with the right status, a reference and the way on.

import type { Response } from '@playwright/test';
import { look } from '../support/look';
import type { Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

/** The answer to a form, which is a page of its own. */
async function answerTo(skyport: Skyport, send: () => Promise<void>): Promise<Response> {
  const posted = skyport.page.waitForResponse((response) => response.request().method() === 'POST');
  await send();
  return posted;
}

async function expectFramed(skyport: Skyport): Promise<void> {
  await expect(skyport.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(skyport.main.getByText(/reference /i)).toBeVisible();
  await expect(skyport.place('Datasets')).toBeVisible();
  await expect(skyport.main.getByRole('link', { name: 'Go to the first page' })).toBeVisible();
}

test('a form of another site is refused in words, and changes nothing', async ({
  skyport,
  context,
  baseURL,
  watch,
  script,
}, info) => {
  watch.expectStatus(403);
  watch.expect(/^request to another site: http:\/\/other\.example\//);
  await skyport.open('/');
  await skyport.signIn();
  await context.route('http://other.example/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Elsewhere</title><form method="post" action="${baseURL}/auth/sign-out"><button>Win a telescope</button></form>`,
    }),
  );
  await skyport.page.goto('http://other.example/');
  const answer = await answerTo(skyport, () => skyport.page.getByRole('button', { name: 'Win a telescope' }).click());
  expect(answer.status()).toBe(403);
  await expectFramed(skyport);
  // The page has no script, and its address answers otherwise to who comes by a link: looked at once is enough.
  if (script) await look(skyport, 'forged-form', info);
  await skyport.open('/');
  await expect(skyport.userMenu(), 'still signed in').toBeVisible();
});

test('an address that only a form leads to says so', async ({ skyport, watch, baseURL }, info) => {
  watch.expectStatus(405);
  const answer = await skyport.page.goto('/auth/sign-out', { referer: `${baseURL}/datasets?q=galaxy` });
  expect(answer?.status()).toBe(405);
  await expectFramed(skyport);
  await look(skyport, 'not-by-link', info);
  await skyport.main.getByRole('link', { name: 'Back to the page' }).click();
  await expect(skyport.heading('Datasets')).toBeVisible();
  expect(skyport.address()).toBe('/datasets?q=galaxy');
});

test('more text than is taken at once', async ({ skyport, watch, script }) => {
  watch.expectStatus(413);
  const { page } = skyport;
  await skyport.open('/datasets/query?archive=local');
  const adql = `SELECT hip FROM sky.stars -- ${'x'.repeat(1_100_000)}`;
  await skyport.editor.fill(adql);
  const answer = await answerTo(skyport, () => page.getByRole('button', { name: 'Run query' }).click());
  expect(answer.status()).toBe(413);
  if (script) {
    await expect(skyport.main.getByRole('alert')).toBeVisible();
    await expect(skyport.editor, 'what was typed is still there').toHaveValue(adql);
  } else {
    await expectFramed(skyport);
    await expect(skyport.main.getByText(/1024 KiB/)).toBeVisible();
  }
});
