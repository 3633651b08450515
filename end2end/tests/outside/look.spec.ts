// The pages that look different with a remote archive and an institute's sign-in.

import { DACHS, expect, TABLE, test } from '../../support/outside';
import { look } from '../../support/look';

const PLACES: [name: string, path: string][] = [
  ['datasets', '/datasets'],
  ['archive', '/datasets/dachs'],
  ['archive-table', `/datasets/dachs?table=${TABLE}`],
  ['query-form', `/datasets/query?archive=dachs&table=${TABLE}&target=M%2042&radius=3%20deg&c.mag=%3C%207`],
  ['sign-in', '/sign-in'],
];

test.beforeEach('the archive has been asked', async ({ skyport }) => {
  await expect(async () => {
    await skyport.open('/datasets/dachs');
    await expect(skyport.main.getByText('Answering', { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

for (const [name, path] of PLACES) {
  test(`${name}`, async ({ skyport, watch }, info) => {
    watch.expectStatus(401);
    await skyport.open(path);
    await look(skyport, name, info);
  });
}

test('result', async ({ skyport, watch }, info) => {
  watch.expectStatus(401);
  await skyport.ask(`SELECT * FROM ${TABLE} WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.8, -5.4, 3))`, 'dachs');
  await expect(skyport.main.getByRole('link', { name: DACHS })).toBeVisible();
  await look(skyport, 'result', info);
});
