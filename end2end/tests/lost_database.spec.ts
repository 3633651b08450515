// The database goes away: pages keep their frame, say so, and give a reference.

import { look } from '../support/look';
import { type Portal, Servers, start } from '../support/servers';
import { expect, test } from '../support/test';

test('without its database Skyport says that it will be back', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 503);
  const { page } = skyport;
  const servers = new Servers();
  try {
    const database = await start<{ url: string }>('postgres');
    try {
      const portal = await servers.start<Portal>('portal', {
        SKYPORT_DATABASE__URL: database.ready.url,
        SKYPORT_DATABASE__ACQUIRE_TIMEOUT_S: '1',
      });
      watch.allow(portal.ready.url);
      watch.allow(portal.ready.issuer);
      await skyport.open(`${portal.ready.url}/`);
      await skyport.signIn();
    } finally {
      await database.stop();
    }
    for (const path of ['/queries', '/basket']) {
      const answer = await page.goto(new URL(path, page.url()).href);
      expect(answer?.status(), path).toBe(503);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(skyport.main.getByText(/Reference /)).toBeVisible();
      await expect(skyport.place('Datasets')).toBeVisible();
    }
    await skyport.awake();
    await look(skyport, 'database-lost', info);
  } finally {
    await page.goto('about:blank');
    await servers.stop();
  }
});
