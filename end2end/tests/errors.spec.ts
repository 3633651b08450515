// What goes wrong answers with the right status, inside the frame, with the way on.

import { expect, test } from '../support/test';

test('an address that leads nowhere', async ({ skyport, watch }) => {
  watch.expectStatus(404);
  const answer = await skyport.page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await expect(skyport.heading('There is no such page')).toBeVisible();
  await skyport.awake();
  await skyport.main.getByRole('link', { name: 'Look for data' }).click();
  await expect(skyport.heading('Datasets')).toBeVisible();
});

test("somebody else's query is not there", async ({ skyport, elsewhere, watch }) => {
  watch.expectStatus(404);
  await skyport.ask('SELECT TOP 3 hip FROM sky.stars');
  const address = skyport.address();
  const stranger = await elsewhere();
  for (const path of [address, '/queries/no-such-query']) {
    const answer = await stranger.page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(stranger.heading('There is nothing here')).toBeVisible();
    await stranger.awake();
    await expect(stranger.place('Home')).toBeVisible();
  }
  for (const path of [`${address}/events`, `${address}/download?format=csv`]) {
    expect((await stranger.page.request.get(path)).status(), path).toBe(404);
    expect((await skyport.page.request.get(path)).status(), path).toBe(200);
  }
});

test('a form that another site sent is refused and changes nothing', async ({ skyport, baseURL }) => {
  await skyport.open('/');
  await skyport.signIn();
  await skyport.emptyBasket();
  await skyport.ask('SELECT TOP 3 hip FROM sky.stars');
  await skyport.addRows(1);
  await expect(skyport.main.getByText('1 item added to the basket.')).toBeVisible();
  const { request } = skyport.page;
  const form = { archive: '' };
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { origin: `${baseURL}.evil.example` },
  ]) {
    for (const path of ['/api/basket/empty', '/auth/sign-out', '/auth/sign-out-everywhere', '/auth/start']) {
      const answer = await request.post(path, { form, headers, maxRedirects: 0 });
      expect(answer.status(), `${path} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
  await skyport.open('/basket');
  await skyport.expectInBasket(1);
});

test('text that looks like a page stays text', async ({ skyport }) => {
  const nasty = '</textarea><script>document.title="owned"</script><img src=x onerror=alert(1)>';
  await skyport.open(`/datasets/query?archive=local&adql=${encodeURIComponent(nasty)}`);
  await expect(skyport.editor).toHaveValue(nasty);
  await skyport.open(`/datasets?q=${encodeURIComponent(nasty)}`);
  await expect(skyport.main.getByText('Nothing found')).toBeVisible();
  await expect(skyport.page).not.toHaveTitle('owned');
});

test('every page has a strict policy and says nothing about itself to other sites', async ({ skyport }) => {
  for (const path of ['/', '/datasets', '/datasets/query', '/queries', '/basket', '/account', '/sign-in']) {
    const headers = (await skyport.page.request.get(path)).headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, path).toContain("'wasm-unsafe-eval'");
    expect(policy, path).toContain("'nonce-");
    expect(policy, path).not.toMatch(/'unsafe-(inline|eval)'|\*|https?:/);
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
  }
});
