// The server is killed in the middle of a query: who had its page open is told so once there is a server again.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { look } from '../support/look';
import { freePort, type Portal, Servers } from '../support/servers';
import { HEAVY } from '../support/skyport';
import { expect, test } from '../support/test';

test('a query whose server was killed is marked interrupted, and can be asked again', async ({
  skyport,
  script,
  watch,
}, info) => {
  // While nobody answers, the page that waits for its query asks in vain.
  watch.expect(/net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/);
  watch.expectStatus(401);
  const { page } = skyport;
  const data = await mkdtemp(join(tmpdir(), 'skyport-crash-'));
  const servers = new Servers();
  const settings = {
    SKYPORT_SERVER__LISTEN: `127.0.0.1:${await freePort()}`,
    SKYPORT_SERVER__DATA_FOLDER: data,
  };
  try {
    const first = await servers.start<Portal>('portal', settings);
    const { url } = first.ready;
    watch.allow(url);
    await skyport.begin(HEAVY, 'local', url);
    const address = page.url();
    // Without its script the page loads itself again, and would find nobody.
    if (!script) await page.goto('about:blank');
    expect(spawnSync('kill', ['-KILL', String(first.ready.pid)]).status).toBe(0);
    await first.stop();

    await servers.start<Portal>('portal', settings);
    if (!script) await page.goto(address);
    await expect(skyport.main.getByText('Interrupted', { exact: true }).first()).toBeVisible();
    await expect(skyport.main.getByText('Skyport was stopped while this ran. Ask it again.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Cancel query' })).toHaveCount(0);
    await look(skyport, 'query-interrupted', info);
    await skyport.main.getByRole('link', { name: 'Edit and ask again' }).click();
    await expect(skyport.editor).toHaveValue(HEAVY);
  } finally {
    // Nothing may ask the portal when it is gone.
    await page.goto('about:blank');
    await servers.stop();
    await rm(data, { recursive: true, force: true });
  }
});
