// Before the first journey: one portal for all that need no other. Its log stays beside the results.

import { copyFile, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Portal, start } from './servers';

const RESULTS = resolve(import.meta.dirname, '../test-results');

/** Starts the portal; what comes back stops it. */
export default async function setUp(): Promise<() => Promise<void>> {
  const portal = await start<Portal>('portal');
  // The workers, which are processes of their own, find it there.
  process.env.PORTAL_URL = portal.ready.url;
  process.env.PORTAL_ISSUER = portal.ready.issuer;
  return async () => {
    await keepLog(portal.ready.log, 'portal');
    await portal.stop();
  };
}

/** Keeps a portal's log as `test-results/<name>.log`; while it still runs, since the log goes with it. */
export async function keepLog(log: string, name: string): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await copyFile(log, resolve(RESULTS, `${name}.log`));
}
