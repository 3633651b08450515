// Before the first journey: one portal for all of them. Its log stays beside the results.

import { copyFile, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { start } from './servers';

interface Ready {
  url: string;
  issuer: string;
  log: string;
}

const RESULTS = resolve(import.meta.dirname, '../test-results');

/** Starts the portal; what comes back stops it. */
export default async function setUp(): Promise<() => Promise<void>> {
  const portal = await start<Ready>('portal');
  // The workers, which are processes of their own, find it there.
  process.env.PORTAL_URL = portal.ready.url;
  process.env.PORTAL_ISSUER = portal.ready.issuer;
  return async () => {
    await mkdir(RESULTS, { recursive: true });
    await copyFile(portal.ready.log, resolve(RESULTS, 'portal.log'));
    await portal.stop();
  };
}
