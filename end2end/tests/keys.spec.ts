// Access keys: pasted, chosen, made in the browser; and a private key that never leaves it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { look } from '../support/look';
import type { Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

/** A pair as people make it: the files of both halves, and what is in them. */
function pair(comment: string, ...args: string[]) {
  const file = join(mkdtempSync(join(tmpdir(), 'skyport-keys-')), 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, ...args, '-f', file]);
  return { file, private: readFileSync(file, 'utf8'), line: readFileSync(`${file}.pub`, 'utf8').trim() };
}

/** What ssh-keygen says of a public key's file. */
function fingerprint(file: string, hash: 'sha256' | 'md5'): string {
  return execFileSync('ssh-keygen', ['-l', '-E', hash, '-f', file], { encoding: 'utf8' }).split(' ')[1]!.replace(/^MD5:/, '');
}

/** Everything that the browser sends from now on: addresses and bodies. */
function sentBy(skyport: Skyport): () => string {
  const sent: string[] = [];
  skyport.page.on('request', (request) => {
    sent.push(decodeURIComponent(request.url()), decodeURIComponent((request.postData() ?? '').replaceAll('+', ' ')));
  });
  return () => sent.join('\n');
}

const secretLines = (text: string) => text.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));

const field = (skyport: Skyport) => skyport.page.getByLabel('Public key', { exact: true });
const name = (skyport: Skyport) => skyport.page.getByLabel('Name', { exact: true });
const rows = (skyport: Skyport) => skyport.main.locator('.keys > li');
const row = (skyport: Skyport, name: string) => rows(skyport).filter({ has: skyport.page.getByRole('heading', { name }) });

async function add(skyport: Skyport, key: string, called: string): Promise<void> {
  await field(skyport).fill(key);
  await name(skyport).fill(called);
  await skyport.page.getByRole('button', { name: 'Add key' }).click();
}

/** Signs in, and begins with no keys: the users are shared by all journeys of a run. */
async function begin(skyport: Skyport): Promise<void> {
  await skyport.open('/keys');
  await skyport.signIn();
  const listed = await skyport.call('keys/list', {});
  for (const key of (await listed.json()).keys) await skyport.call('keys/remove', { id: key.id });
  await skyport.open('/keys');
  await expect(skyport.main.getByText('No access key yet')).toBeVisible();
}

test.afterEach(async ({ skyport }) => skyport.leave());

test('a key is pasted, listed with its fingerprints, and deleted', async ({ skyport, watch }) => {
  watch.expectStatus(401, 422);
  await begin(skyport);
  const vera = pair('vera@rubin');
  await add(skyport, `${vera.line}\n`, 'laptop');
  await expect(skyport.main.getByText('laptop is added.')).toBeVisible();
  await expect(row(skyport, 'laptop')).toContainText('ed25519, 256 bits');
  await expect(row(skyport, 'laptop')).toContainText(fingerprint(`${vera.file}.pub`, 'sha256'));
  await expect(row(skyport, 'laptop')).toContainText(fingerprint(`${vera.file}.pub`, 'md5'));
  if (skyport.script) {
    await expect(field(skyport)).toHaveValue('');
    await expect(name(skyport)).toHaveValue('');
  }

  await test.step('the same key again says under which name it is', async () => {
    await add(skyport, vera.line, 'desktop');
    await expect(skyport.main.getByText('You have this key already, under the name laptop.')).toBeVisible();
    await expect(field(skyport)).toHaveValue(vera.line);
    await expect(field(skyport)).toHaveAttribute('aria-invalid', 'true');
    await expect(name(skyport)).toHaveValue('desktop');
    await expect(rows(skyport)).toHaveCount(1);
  });

  await test.step('another key is not called the same', async () => {
    await add(skyport, pair('other').line, 'laptop');
    await expect(skyport.main.getByText('Another of your keys is called laptop.')).toBeVisible();
    await name(skyport).fill('desktop');
    await skyport.page.getByRole('button', { name: 'Add key' }).click();
    await expect(rows(skyport)).toHaveCount(2);
  });

  await test.step('deleting asks and says what is lost', async () => {
    const question = await skyport.unfold('Delete', row(skyport, 'laptop'));
    await expect(question).toContainText('The key laptop is removed from this list. No server carries it.');
    await question.getByRole('button', { name: 'Delete laptop' }).click();
    await expect(rows(skyport)).toHaveCount(1);
    await expect(row(skyport, 'desktop')).toBeVisible();
  });
});

test('a short key is refused beside the field, and what was typed stays', async ({ skyport, watch }) => {
  watch.expectStatus(401, 422);
  await begin(skyport);
  const short = pair('old', '-t', 'rsa', '-b', '2048').line;
  await add(skyport, short, 'old one');
  await expect(skyport.main.getByText('This RSA key has 2048 bits')).toBeVisible();
  await expect(field(skyport)).toHaveValue(short);
  await expect(name(skyport)).toHaveValue('old one');
});

test('a private key is refused and the field comes back empty', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 422);
  await begin(skyport);
  const sent = sentBy(skyport);
  const vera = pair('vera@rubin');
  const sentence = skyport.main.getByText('This is your private key; it has not been sent on; paste the .pub file.');
  await field(skyport).fill(vera.private);
  if (!skyport.script) await skyport.page.getByRole('button', { name: 'Add key' }).click();
  await expect(sentence).toBeVisible();
  await expect(field(skyport)).toHaveValue('');
  expect(await skyport.page.content()).not.toContain(secretLines(vera.private)[1]);
  await look(skyport, 'keys-private', info);
  if (skyport.script) {
    for (const line of secretLines(vera.private)) expect(sent()).not.toContain(line);
    await field(skyport).fill(vera.line);
    await expect(sentence).toBeHidden();
    await expect(name(skyport)).toHaveValue('vera@rubin');
  }
  await expect(rows(skyport)).toHaveCount(0);
});

test('a file is read in the browser, and a private one stays there', async ({ skyport, watch }) => {
  test.skip(!skyport.script, 'without a script the line is pasted');
  watch.expectStatus(401);
  await begin(skyport);
  const sent = sentBy(skyport);
  const vera = pair('vera @ the dome');
  const file = skyport.page.getByLabel('Or choose the .pub file');
  await file.setInputFiles(vera.file);
  await expect(skyport.main.getByText('This is your private key; it has not been sent on')).toBeVisible();
  await expect(field(skyport)).toHaveValue('');
  const large = join(mkdtempSync(join(tmpdir(), 'skyport-keys-')), 'large');
  writeFileSync(large, 'x'.repeat(20_000));
  await file.setInputFiles(large);
  await expect(skyport.main.getByText('This is more than 16 kB')).toBeVisible();
  await file.setInputFiles(`${vera.file}.pub`);
  await expect(field(skyport)).toHaveValue(`${vera.line}\n`);
  await expect(name(skyport)).toHaveValue('vera @ the dome');
  await skyport.page.getByRole('button', { name: 'Add key' }).click();
  await expect(row(skyport, 'vera @ the dome')).toContainText(fingerprint(`${vera.file}.pub`, 'sha256'));
  for (const line of secretLines(vera.private)) expect(sent()).not.toContain(line);
});

test('a key is made in the browser, saved once, and its private half never sent', async ({ skyport, watch }, info) => {
  watch.expectStatus(401, 422);
  await begin(skyport);
  const { page, main } = skyport;
  if (!skyport.script) {
    await expect(main.getByText('This needs JavaScript')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Make a key' })).toHaveCount(0);
    return;
  }
  const sent = sentBy(skyport);
  await page.getByLabel('Name of the new key').fill('observatory night');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const save = page.getByRole('button', { name: 'Download id_ed25519_observatory-night', exact: true });
  await expect(save).toBeVisible();
  await expect(row(skyport, 'observatory night')).toBeVisible();
  await look(skyport, 'keys-made', info);

  await test.step('leaving asks first', async () => {
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await skyport.place('Home').click();
    await expect.poll(() => asked.length).toBe(1);
    expect(asked[0]).toContain('confirm: The private key is not downloaded yet.');
    await expect(page).toHaveURL(/\/keys$/);
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]).toMatch(/^beforeunload:/);
    page.removeAllListeners('dialog');
  });

  const file = join(mkdtempSync(join(tmpdir(), 'skyport-keys-')), 'made');
  await test.step('the file is a key of OpenSSH, of the listed public half', async () => {
    const { name, bytes } = await skyport.download(save);
    expect(name).toBe('id_ed25519_observatory-night');
    writeFileSync(file, bytes, { mode: 0o600 });
    const line = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim();
    expect(line).toMatch(/^ssh-ed25519 \S+ observatory night$/);
    writeFileSync(`${file}.pub`, line);
    await expect(row(skyport, 'observatory night')).toContainText(fingerprint(`${file}.pub`, 'sha256'));
    await (await skyport.unfold('Public key', row(skyport, 'observatory night'))).isVisible();
    await expect(row(skyport, 'observatory night')).toContainText(line);
  });

  await test.step('the commands are there to copy', async () => {
    await expect(main).toContainText('chmod 600 ~/.ssh/id_ed25519_observatory-night');
    await expect(main).toContainText('ssh -i ~/.ssh/id_ed25519_observatory-night USER@ADDRESS');
    await expect(page.getByRole('button', { name: 'Copy the ssh command' })).toBeVisible();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('button', { name: 'Make a key' })).toBeVisible();
  });

  await test.step('the private half was in no request, and leaving asks no more', async () => {
    await skyport.place('Home').click();
    await expect(skyport.heading(/.+/)).not.toHaveText('Access keys');
    const secret = readFileSync(file, 'utf8');
    expect(secretLines(secret).length).toBeGreaterThan(3);
    for (const part of secretLines(secret)) expect(sent()).not.toContain(part);
    expect(sent()).not.toContain('PRIVATE');
    expect(sent(), 'what is sent is watched').toContain('observatory night');
  });
});

test('keys without and with some, in all looks', async ({ skyport, watch }, info) => {
  watch.expectStatus(401);
  await skyport.open('/keys');
  await expect(skyport.main.getByText('Sign in to have access keys')).toBeVisible();
  await look(skyport, 'keys-visitor', info);
  await begin(skyport);
  await look(skyport, 'keys-empty', info);
  await add(skyport, pair('vera@rubin').line, 'laptop');
  await expect(rows(skyport)).toHaveCount(1);
  await add(skyport, pair('vera@dome', '-t', 'rsa', '-b', '4096').line, 'a rather long name of a key at the observatory');
  await expect(rows(skyport)).toHaveCount(2);
  await look(skyport, 'keys', info);
});
