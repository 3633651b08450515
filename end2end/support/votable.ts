// A VOTable as another program reads it: with the browser's XML parser, which refuses what is not well-formed.

import type { BrowserContext } from '@playwright/test';

export interface Table {
  fields: { name: string; unit: string | null; ucd: string | null }[];
  rows: string[][];
}

/** The tables of a VOTable document in TABLEDATA. */
export async function readVotable(context: BrowserContext, xml: string): Promise<Table[]> {
  const page = await context.newPage();
  try {
    return await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'application/xml');
      const fault = document.querySelector('parsererror');
      if (fault) throw new Error(fault.textContent ?? 'not well-formed');
      return [...document.querySelectorAll('TABLE')].map((table) => ({
        fields: [...table.querySelectorAll('FIELD')].map((field) => ({
          name: field.getAttribute('name') ?? '',
          unit: field.getAttribute('unit'),
          ucd: field.getAttribute('ucd'),
        })),
        rows: [...table.querySelectorAll('TR')].map((row) =>
          [...row.querySelectorAll('TD')].map((cell) => cell.textContent ?? ''),
        ),
      }));
    }, xml);
  } finally {
    await page.close();
  }
}
