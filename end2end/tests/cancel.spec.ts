// A question that would take hours is stopped by the one who asked it, and says so.

import { HEAVY, type Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

async function expectCancelled(skyport: Skyport): Promise<void> {
  await expect(skyport.main.getByText('Cancelled', { exact: true }).first()).toBeVisible();
  await expect(skyport.main.getByText('You stopped it. Ask again whenever you like.')).toBeVisible();
  await expect(skyport.page.getByRole('button', { name: 'Cancel query' })).toHaveCount(0);
  await expect(skyport.bar.getByRole('link', { name: /running/ })).toHaveCount(0);
}

test('a running query is cancelled by its button', async ({ skyport }) => {
  await skyport.begin(HEAVY);
  await skyport.page.getByRole('button', { name: 'Cancel query' }).click();
  await expectCancelled(skyport);
  await test.step('the list says so too, and the text is not lost', async () => {
    await skyport.place('Queries').click();
    await expect(skyport.main.getByRole('listitem').filter({ hasText: 'Cancelled' }).first()).toBeVisible();
  });
});

test('Escape cancels', async ({ skyport }) => {
  test.skip(!skyport.script, 'needs JavaScript');
  await skyport.begin(HEAVY);
  await skyport.page.keyboard.press('Escape');
  await expectCancelled(skyport);
});

test('a running query is cancelled from the list', async ({ skyport }) => {
  await skyport.begin(HEAVY);
  await skyport.place('Queries').click();
  const entry = skyport.main.getByRole('listitem').filter({ hasText: 'Running' });
  await entry.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(skyport.main.getByRole('listitem').filter({ hasText: 'Cancelled' }).first()).toBeVisible();
  await expect(skyport.main.getByText('Running', { exact: true })).toHaveCount(0);
});
