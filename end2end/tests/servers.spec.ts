// From no key at all to an ssh prompt on a real virtual machine, and back to nothing.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { look } from '../support/look';
import type { Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

const run = promisify(execFile);

/** A virtual machine starts under emulation, beside everything else that the tests do. */
const BOOT = { timeout: 100_000 };

/** The processes whose command line names this server. */
function processesOf(id: string): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
  return lines.filter((line) => line.startsWith('qemu-system') && line.includes(id));
}

/** A key of this person, by hand or made in the browser; gives the file of its private half. */
async function haveKey(skyport: Skyport): Promise<string> {
  const { page } = skyport;
  const file = join(mkdtempSync(join(tmpdir(), 'skyport-servers-')), 'id_ed25519');
  await skyport.open('/keys');
  // What an earlier journey left when it failed.
  const left = await (await skyport.call('servers/list', { offset: '0' })).json();
  for (const { id, name, actions } of left.items) {
    if (actions.includes('Delete')) await skyport.call('servers/act', { id, action: 'Delete', name });
  }
  const listed = await skyport.call('keys/list', {});
  for (const key of (await listed.json()).keys) await skyport.call('keys/remove', { id: key.id });
  await skyport.open('/keys');
  if (skyport.script) {
    await page.getByLabel('Name of the new key').fill('night shift');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const { bytes } = await skyport.download(page.getByRole('button', { name: /^Download id_ed25519/, exact: false }));
    writeFileSync(file, bytes, { mode: 0o600 });
    await page.getByRole('button', { name: 'Done' }).click();
  } else {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'night shift', '-f', file]);
    await page.getByLabel('Public key', { exact: true }).fill(readFileSync(`${file}.pub`, 'utf8'));
    await page.getByRole('button', { name: 'Add key' }).click();
  }
  await expect(skyport.main.getByRole('heading', { name: 'night shift' })).toBeVisible();
  return file;
}

/** Until the page says this; without a script it is loaded again and again, as a person would. */
async function says(skyport: Skyport, text: string): Promise<void> {
  const word = skyport.main.getByText(text, { exact: true }).first();
  if (skyport.script) {
    await expect(word).toBeVisible(BOOT);
    return;
  }
  await expect(async () => {
    await skyport.page.reload();
    await expect(word).toBeVisible({ timeout: 1000 });
  }).toPass(BOOT);
}

test.describe.configure({ timeout: 300_000 });
test.afterEach(async ({ skyport }) => skyport.leave());

test('a key, a server, an ssh prompt, and everything gone again', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 422);
  const { page, main } = skyport;
  await skyport.open('/servers');
  await skyport.signIn();
  const file = await haveKey(skyport);
  const name = skyport.script ? 'first-light' : 'first-light-plain';

  await test.step('it is made with one press', async () => {
    await skyport.open('/servers/new');
    await page.getByLabel('Name of the server').fill(name);
    // The small one where the page is only loaded again; the real Debian where it follows by itself.
    if (!skyport.script) await page.getByRole('radio', { name: /^Tiny/ }).check();
    await page.getByRole('button', { name: 'Create server' }).click();
    await page.waitForURL(/\/servers\/[a-z0-9]{24}$/);
    await skyport.awake();
    await expect(skyport.heading(name)).toBeVisible();
    await expect(main.getByText('Machine requested', { exact: true })).toBeVisible();
  });
  const id = new URL(page.url()).pathname.split('/').pop()!;

  await test.step('its steps are done, and it is ready', async () => {
    await says(skyport, 'Ready');
    await expect(main.getByText('ssh answers', { exact: true })).toBeVisible();
    await expect(
      main
        .getByText(/^ssh debian@127\.0\.1\.\d+$/)
        .or(main.getByText(/^ssh -p \d+ debian@/))
        .first(),
    ).toBeVisible();
    expect(processesOf(id)).toHaveLength(1);
    await look(skyport, 'server-ready', info);
  });

  await test.step('ssh lets its owner in, and its own key is the one that the page shows', async () => {
    const shown = await (await skyport.call('servers/show', { id })).json();
    expect(shown.host_keys.length).toBeGreaterThan(0);
    const known = join(mkdtempSync(join(tmpdir(), 'skyport-known-')), 'known_hosts');
    writeFileSync(known, shown.host_keys.map((key: { known_hosts: string }) => `${key.known_hosts}\n`).join(''));
    const options = ['-i', file, '-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes'];
    const command: string[] = shown.ssh_command.split(' ').slice(1);
    const { stdout } = await run(
      'ssh',
      ['-F', '/dev/null', '-o', 'IdentitiesOnly=yes', ...options, ...command, 'uname -a; hostname'],
      { timeout: 90_000 },
    );
    expect(stdout).toContain('Linux');
    expect(stdout.trim().split('\n').pop()).toBe(name);
    await expect(main.getByText(shown.host_keys[0].sha256).first()).toBeVisible();
  });

  await test.step('the list and the key know of it', async () => {
    await skyport.open('/servers');
    await expect(main.getByRole('link', { name, exact: true })).toBeVisible();
    await look(skyport, 'servers', info);
    await skyport.open('/keys');
    await expect(main).toContainText(name);
  });

  await test.step('deleting asks for its name, and leaves nothing', async () => {
    await skyport.open(`/servers/${id}`);
    const question = await skyport.unfold('Delete…');
    await question.getByLabel(/^Type .* to confirm$/).fill(name);
    await question.getByRole('button', { name: 'Delete server' }).click();
    await says(skyport, 'Deleted');
    expect(processesOf(id)).toHaveLength(0);
    const console = await page.request.get(`/servers/${id}/console`);
    expect(await console.text()).toContain('gone');
    await skyport.open('/keys');
    await expect(main).not.toContainText(name);
  });
  expect(existsSync(file)).toBe(true);
});

test('a wrong form keeps what was typed, and says what is wrong beside it', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 422);
  const { page, main } = skyport;
  await skyport.open('/servers');
  await skyport.signIn();
  await haveKey(skyport);
  await skyport.open('/servers/new');
  await look(skyport, 'servers-new', info);
  await page.getByLabel('Name of the server').fill('Not a Name');
  await page.getByRole('button', { name: 'Create server' }).click();
  await expect(main.getByText(/small letters, digits and hyphens; begin/).first()).toBeVisible();
  await expect(page.getByLabel('Name of the server')).toHaveValue('Not a Name');
});

test("another person's server is not there", async ({ skyport, watch }) => {
  watch.expectStatus(401, 404);
  await skyport.open('/servers');
  await skyport.signIn('operator');
  const page = await skyport.page.goto('/servers/abcdefghijkmnpqrstuvwxyz');
  expect(page?.status()).toBe(404);
});
