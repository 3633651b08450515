// Servers of the tests: each is a script in tools/servers that prints one line `ready {json}` once it answers, and
// ends when its standard input closes, so that a run that was killed leaves nothing behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const FOLDER = process.env.SKYPORT_TEST_SERVERS || resolve(import.meta.dirname, '../../tools/servers');
const READY = 'ready ';

/** A server that answers. */
export interface Server<Ready> {
  /** What its `ready` line says. */
  ready: Ready;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** What a portal says. */
export interface Portal {
  url: string;
  /** The demo issuer's address; empty where it does not run. */
  issuer: string;
  pid: number;
  log: string;
}

/** Starts `tools/servers/<name>` and waits until it answers. `environment` is added to our own. */
export async function start<Ready>(name: string, environment: Record<string, string> = {}): Promise<Server<Ready>> {
  const child = spawn(resolve(FOLDER, name), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  // A server that is gone already has nobody to read.
  child.stdin.on('error', () => {});
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const ready = await new Promise<string>((found, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${name} ended with status ${code} before it was ready`)));
    lines.on('line', (line) => {
      if (line.startsWith(READY)) found(line.slice(READY.length));
    });
  });
  return {
    ready: JSON.parse(ready) as Ready,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Servers that end together, the last one first; so do those that ran when another one did not start. */
export class Servers {
  private readonly running: Server<unknown>[] = [];

  async start<Ready>(name: string, environment: Record<string, string> = {}): Promise<Server<Ready>> {
    const server = await start<Ready>(name, environment);
    this.running.push(server);
    return server;
  }

  async stop(): Promise<void> {
    for (const server of this.running.splice(0).reverse()) await server.stop();
  }
}

/** A port that nobody listens on, below those that the system hands out for outgoing connections. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer();
    server.once('error', () => found(false));
    server.listen(port, '127.0.0.1', () => server.close(() => found(true)));
  });
}
