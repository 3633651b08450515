// The whole of it: rows of an archive that nobody here wrote, JupyterLab from the catalogue, an offer for now, and a cell
// that counts the rows in `/data`; longer, over, and afterwards still to be read.

import type { Page } from '@playwright/test';
import { expect, TABLE, test } from '../../support/outside';
import { accept, end, enter, until } from '../../support/sessions';

test('rows of an archive are counted in a notebook', async ({ skyport, watch }) => {
  test.skip(!skyport.script, 'JupyterLab is a script itself');
  test.setTimeout(300_000);
  watch.expectStatus(401);
  await skyport.open('/');
  await skyport.signIn('astronomer');
  await skyport.emptyBasket();

  await test.step('rows into the basket', async () => {
    await skyport.ask(`SELECT TOP 25 id, ra, dec, mag FROM ${TABLE} ORDER BY mag`, 'dachs');
    await skyport.addRows(1, 2, 3, 5, 8);
    await expect(skyport.main.getByText('5 items added to the basket.')).toBeVisible();
  });

  await test.step('JupyterLab, now, with the basket', async () => {
    await skyport.open('/software/notebook');
    await skyport.main.getByRole('link', { name: 'Run this' }).first().click();
    await expect(skyport.heading('Plan')).toBeVisible();
    await accept(skyport, skyport.address());
    await until(skyport, 'Running');
  });

  await test.step('a cell that reads the data', async () => {
    const lab = await enter(skyport, watch);
    const said = await runCell(lab, [
      'import glob, json, pyarrow.parquet as pq',
      'files = glob.glob("/data/**/*.parquet", recursive=True)',
      'print("rows:", sum(pq.read_table(file).num_rows for file in files))',
    ]);
    expect(said).toContain('rows: 5');
    await lab.screenshot({ path: 'screenshots/outside/session-notebook.png' });
    await lab.close();
  });

  await test.step('longer, over, and still to be read', async () => {
    const before = await skyport.main.locator('time').allInnerTexts();
    await skyport.main
      .getByRole('button', { name: /^Extend/ })
      .first()
      .click();
    await expect.poll(() => skyport.main.locator('time').allInnerTexts()).not.toEqual(before);
    await end(skyport);
    await expect(skyport.main).toContainText('jupyter', { ignoreCase: true });
  });
});

/** Makes a notebook, runs lines in its first cell, and gives what it printed. */
async function runCell(lab: Page, lines: string[]): Promise<string> {
  await lab.getByText('Python 3 (ipykernel)').first().click({ timeout: 60_000 });
  const cell = lab.locator('.jp-Cell .cm-content').first();
  await cell.click({ timeout: 60_000 });
  await expect(lab.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).toBeVisible({ timeout: 60_000 });
  await cell.fill(lines.join('\n'));
  await lab.keyboard.press('Shift+Enter');
  const output = lab.locator('.jp-OutputArea-output').first();
  await expect(output).toBeVisible({ timeout: 60_000 });
  return output.innerText();
}
