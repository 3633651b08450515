// Servers of the tests: each is a script in tools/servers that prints one line `ready {json}` once it answers, and
// ends when its standard input closes, so that a run that was killed leaves nothing behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Starts `tools/servers/<name>` and waits until it answers. */
export async function start<Ready>(name: string): Promise<Server<Ready>> {
  const child = spawn(resolve(FOLDER, name), { stdio: ['pipe', 'pipe', 'inherit'] });
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
