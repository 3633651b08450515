// Before the first journey: one portal for all that need no other, and the container engine of its sessions. Its log stays
// beside the results.

import { copyFile, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Portal, type Server, Servers } from './servers';

const RESULTS = resolve(import.meta.dirname, '../test-results');

/** Starts the portal; what comes back stops it. */
export default async function setUp(): Promise<() => Promise<void>> {
  const servers = new Servers();
  const portal = await startPortal(servers);
  // The workers, which are processes of their own, find it there.
  process.env.PORTAL_URL = portal.ready.url;
  process.env.PORTAL_ISSUER = portal.ready.issuer;
  return async () => {
    await keepLog(portal.ready.log, 'portal');
    await servers.stop();
  };
}

/** What a container engine says. */
interface Engine {
  socket: string;
}

/** A portal whose sessions run in an engine of its own. Where the portal does not start, the engine ends too. */
async function startPortal(servers: Servers): Promise<Server<Portal>> {
  try {
    const engine = await servers.start<Engine>('podman');
    return await servers.start<Portal>('portal', sessionsOn(engine.ready.socket));
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

/** The settings of a portal with one site. Four cores, whatever the machine has: they are shares of its time. */
export function sessionsOn(socket: string): Record<string, string> {
  return {
    SKYPORT_SITES__HERE__TITLE: 'This machine',
    SKYPORT_SITES__HERE__NODES: `[{name="here",socket="${socket}",cores=4,memory_mib=8192,disk_gib=100}]`,
    SKYPORT_SESSIONS__RECONCILE_S: '1',
  };
}

/** Keeps a portal's log as `test-results/<name>.log`; while it still runs, since the log goes with it. */
export async function keepLog(log: string, name: string): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await copyFile(log, resolve(RESULTS, `${name}.log`));
}
