// Two tabs and two browsers work on one basket, and no change of one is lost by the other.

import { Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

test('two tabs and another browser add and remove, and nothing is lost', async ({ skyport, context, script, elsewhere }) => {
  await skyport.open('/');
  await skyport.signIn('operator');
  await skyport.emptyBasket();
  await skyport.ask('SELECT TOP 20 hip, mag FROM sky.stars ORDER BY mag');
  const result = skyport.address();
  const tab = new Skyport(await context.newPage(), script);
  await tab.open(result);

  await test.step('each tab adds without knowing of the other', async () => {
    await skyport.addRows(1, 2);
    await expect(skyport.main.getByText('2 items added to the basket.')).toBeVisible();
    await tab.addRows(2, 3, 4);
    await expect(tab.main.getByText('2 items added to the basket; 1 item is there already.')).toBeVisible();
    await tab.expectInBasket(4);
  });

  await test.step('both show four; one takes one out, the other, stale, takes another', async () => {
    await skyport.open('/basket');
    await tab.open('/basket');
    await take(skyport, '32349');
    await take(tab, '30438');
    await expect(tab.main.getByRole('heading', { name: '2 items' })).toBeVisible();
  });

  await test.step('a third browser sees the same, and adds', async () => {
    const third = await elsewhere();
    await third.open('/basket');
    await third.signIn('operator');
    await expect(third.main.getByRole('heading', { name: '2 items' })).toBeVisible();
    await third.open(result);
    await third.addRows(5);
    await expect(third.main.getByText('1 item added to the basket.')).toBeVisible();
  });

  await skyport.open('/basket');
  await expect(skyport.main.getByRole('heading', { name: '3 items' })).toBeVisible();
  for (const gone of ['32349', '30438']) {
    await expect(skyport.main.getByRole('checkbox', { name: new RegExp(gone) })).toHaveCount(0);
  }
  await skyport.expectInBasket(3);
});

async function take(from: Skyport, hip: string): Promise<void> {
  await from.main.getByRole('checkbox', { name: new RegExp(hip) }).check();
  await from.main.getByRole('button', { name: 'Remove ticked' }).first().click();
  await expect(from.main.getByText('1 item removed.')).toBeVisible();
}
