// Sessions: a desktop that shows TOPCAT, a run whose output is kept, one that begins by itself, and what is not for others.

import { look } from '../support/look';
import { accept, end, enter, hold, originOf, until } from '../support/sessions';
import { expect, test } from '../support/test';

test('a desktop shows TOPCAT, and another person who looks on changes nothing', async ({ skyport, elsewhere, watch }, info) => {
  test.skip(!skyport.script, 'the picture of a desktop is drawn by a script');
  test.setTimeout(300_000);
  watch.expectStatus(401);
  await skyport.open('/');
  await skyport.signIn();
  const id = await accept(skyport, '/plan?software=desktop&data=0');
  await until(skyport, 'Running');
  await look(skyport, 'session-running', info);
  const desktop = await enter(skyport, watch);
  await expect(desktop.locator('canvas').first()).toBeVisible({ timeout: 60_000 });
  await expect(async () => expect(await shades(desktop)).toBeGreaterThan(200)).toPass({ timeout: 90_000 });
  await desktop.screenshot({ path: 'screenshots/script/session-desktop.png' });

  const other = await elsewhere();
  await other.open('/');
  await other.signIn('operator');
  const card = skyport.main.locator('.card').filter({ has: skyport.page.getByRole('heading', { name: 'Shared with' }) });
  await card.getByRole('textbox', { name: 'Their sign-in name' }).fill('operator');
  await card.getByRole('button', { name: 'Share it' }).click();
  await expect(card).toContainText('to look at');
  await other.open(`/sessions/${id}`);
  await expect(other.main).toContainText('to look at');
  const seen = await enter(other, watch);
  expect(seen.url()).toContain('view_only=true');
  // As somebody would who takes that out of the address.
  await seen.goto(seen.url().replace('&view_only=true', ''));
  await expect(async () => expect(await shades(seen)).toBeGreaterThan(200)).toPass({ timeout: 60_000 });
  expect(await menu(desktop)).toBe(false);
  await press(seen);
  await seen.waitForTimeout(2000);
  expect(await menu(desktop)).toBe(false);
  // The same by its owner opens the desktop's menu, which both see.
  await press(desktop);
  await expect(async () => expect(await menu(desktop)).toBe(true)).toPass({ timeout: 20_000 });
  await seen.screenshot({ path: 'screenshots/script/session-desktop-watched.png' });
  await seen.close();
  await desktop.close();
  await other.open('/');
  await other.leave();
  await end(skyport);
  await skyport.leave();
});

test('a run to its end leaves its output and its log', async ({ skyport, watch }, info) => {
  test.setTimeout(300_000);
  watch.expectStatus(401);
  await skyport.open('/');
  await skyport.signIn();
  await accept(skyport, '/plan?software=batch&data=0', async () => {
    await skyport.page
      .getByRole('textbox', { name: 'Command' })
      .fill('sh\n-c\necho counting; seq 1 5 > "$SKYPORT_OUTPUT/numbers.txt"; exit 3');
  });
  await until(skyport, 'Crashed');
  await expect(skyport.main).toContainText('counting');
  await expect(skyport.main).toContainText(/exit code 3/i);
  await look(skyport, 'session-ended', info);
  const { name, bytes } = await skyport.download(skyport.main.getByRole('link', { name: /numbers\.txt/ }));
  expect(name).toBe('numbers.txt');
  expect(bytes.toString()).toBe('1\n2\n3\n4\n5\n');
  await skyport.leave();
});

test('an offer that is held says what would be in its way before it is accepted', async ({ skyport }, info) => {
  await skyport.open('/');
  await skyport.signIn();
  await hold(skyport, '/plan?software=terminal&data=0');
  const before = skyport.main.locator('.card').filter({ has: skyport.page.getByRole('heading', { name: 'Before it starts' }) });
  await expect(before).toContainText('home');
  await look(skyport, 'booking-held', info);
  await skyport.main.getByRole('button', { name: 'Give back' }).click();
  await expect(skyport.main).toContainText('Given back');
  await skyport.leave();
});

test("it is its owner's alone", async ({ skyport, elsewhere, watch }) => {
  test.setTimeout(300_000);
  watch.expectStatus(401, 404);
  await skyport.open('/');
  await skyport.signIn();
  const id = await accept(skyport, '/plan?software=terminal&data=0');
  await until(skyport, 'Running');
  const other = await elsewhere();
  await other.open('/');
  await other.signIn('operator');
  const origin = originOf(skyport.page.url(), id);
  watch.guest(origin);
  for (const path of [`/sessions/${id}`, `/sessions/${id}/log`]) {
    const answer = await other.page.request.get(path);
    expect(answer.status(), path).toBe(404);
  }
  const inside = await other.page.goto(`${origin}/`);
  expect(inside?.status()).toBe(401);
  await end(skyport);
  await other.open('/');
  await other.leave();
  await skyport.leave();
});

/** Where nothing is on the desktop: its menu comes up there. */
const FREE = { right: 260, bottom: 200 };

/** Presses the right button there. */
async function press(page: import('@playwright/test').Page): Promise<void> {
  const box = await page.locator('canvas').first().boundingBox();
  if (!box) throw new Error('there is no picture');
  await page.mouse.click(box.x + box.width - FREE.right, box.y + box.height - FREE.bottom, { button: 'right' });
}

/** Whether the desktop's menu is there: more than the background. */
async function menu(page: import('@playwright/test').Page): Promise<boolean> {
  return page.evaluate(({ right, bottom }) => {
    const canvas = document.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('there is no picture');
    const { data } = context.getImageData(canvas.width - right, canvas.height - bottom, 60, 30);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return seen.size > 3;
  }, FREE);
}

/** How many different colours there are in a picture of the page: a window has many, an empty desktop few. */
async function shades(page: import('@playwright/test').Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context || canvas.width === 0) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 16) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return seen.size;
  });
}
