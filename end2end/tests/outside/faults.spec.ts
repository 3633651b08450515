// What DaCHS refuses is told in its own words and loses nothing; what takes it too long is stopped.

import { look } from '../../support/look';
import { DACHS, expect, TABLE, test } from '../../support/outside';
import type { Skyport } from '../../support/skyport';

/** Seventeen hundred million pairs: still running when the test looks. */
const HEAVY = `SELECT COUNT(*) AS pairs FROM ${TABLE} AS a JOIN ${TABLE} AS b ON a.mag + b.mag < a.bv * b.bv`;

async function askInVain(skyport: Skyport, adql: string): Promise<void> {
  await skyport.open('/datasets/query?archive=dachs');
  await skyport.editor.fill(adql);
  await skyport.page.getByRole('button', { name: 'Run query' }).click();
}

test('a fault that only the archive can know is told in its words', async ({ skyport }, info) => {
  const adql = `SELECT TOP 3 id, 1 / (id - id) AS impossible FROM ${TABLE}`;
  await askInVain(skyport, adql);
  await skyport.page.waitForURL(/\/queries\/[^/?]+/);
  const problem = skyport.main.getByRole('alert');
  await expect(problem).toContainText(`${DACHS} refused the query`);
  await expect(problem).toContainText('division by zero');
  await expect(skyport.main.getByText('Failed', { exact: true }).first()).toBeVisible();
  await skyport.awake();
  await look(skyport, 'query-failed', info);
  await test.step('what was asked is there for another try', async () => {
    await skyport.main.getByRole('link', { name: 'Edit and ask again' }).click();
    await expect(skyport.editor).toHaveValue(adql);
  });
});

test('a value of the wrong kind, which only its database can judge', async ({ skyport }) => {
  await askInVain(skyport, `SELECT TOP 3 id FROM ${TABLE} WHERE mag < 'bright'`);
  await skyport.page.waitForURL(/\/queries\/[^/?]+/);
  const problem = skyport.main.getByRole('alert');
  await expect(problem).toContainText(`${DACHS} refused the query`);
  await expect(problem).toContainText('bright');
});

test('a column that is not there is told in its words, and marked at its place', async ({ skyport }, info) => {
  const adql = `SELECT TOP 3 id, magg FROM ${TABLE}`;
  await askInVain(skyport, adql);
  await skyport.page.waitForURL(/\/queries\/[^/?]+/);
  const problem = skyport.main.getByRole('alert');
  await expect(problem).toContainText('Line 1, column 18: ');
  await expect(problem).toContainText("column 'magg' could not be located");
  await expect(problem).toContainText('Did you mean mag?');
  await skyport.awake();
  await look(skyport, 'query-failed-at-a-place', info);
});

test('what is no ADQL is marked at its place, and the archive is not troubled', async ({ skyport, watch }) => {
  watch.expectStatus(422);
  const adql = `SELECT TOP 3 *\nFORM ${TABLE}`;
  await askInVain(skyport, adql);
  await expect(skyport.main.getByText(/^Line 2, column 1: /)).toBeVisible();
  await expect(skyport.editor).toHaveValue(adql);
  await expect(skyport.heading('Ask the archives')).toBeVisible();
});

test('a query that takes it too long is cancelled', async ({ skyport }) => {
  await skyport.begin(HEAVY, 'dachs');
  await skyport.page.getByRole('button', { name: 'Cancel query' }).click();
  await expect(skyport.main.getByText('Cancelled', { exact: true }).first()).toBeVisible();
  await expect(skyport.main.getByText('You stopped it. Ask again whenever you like.')).toBeVisible();
  await test.step('and the next one is answered', async () => {
    await skyport.ask(`SELECT COUNT(*) AS n FROM ${TABLE}`, 'dachs');
    await expect(skyport.row(1)).toContainText('41411');
  });
});
