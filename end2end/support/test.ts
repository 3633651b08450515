// The test that every journey uses: watched browsers, a portal, and whether there is JavaScript.

import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { Skyport } from './skyport';
import { Watch } from './watch';

export { expect } from '@playwright/test';

/** What a project may set; nothing beyond Playwright's own. */
export type Options = object;

interface Fixtures {
  /** Whether pages run their script. */
  script: boolean;
  /** Fails the journey when a page complains. */
  watch: Watch;
  /** The portal in the test's own browser. */
  skyport: Skyport;
  /** The portal in one more browser that shares nothing with the first. */
  elsewhere: () => Promise<Skyport>;
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: support/portal.ts has not run`);
  return value;
}

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(variable('PORTAL_URL')),

  script: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  watch: [
    async ({ script }, use) => {
      const watch = new Watch([variable('PORTAL_URL'), variable('PORTAL_ISSUER')]);
      // The module that is fetched ahead; without a script nobody comes for it.
      if (!script) watch.expect(/\.wasm was preloaded using link preload but not used/);
      await use(watch);
      watch.verify();
    },
    { auto: true },
  ],

  context: async ({ context, watch }, use) => {
    watch.over(context);
    await use(context);
  },

  skyport: async ({ page, script }, use) => use(new Skyport(page, script)),

  elsewhere: async ({ browser, watch, script, javaScriptEnabled, baseURL }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({
        javaScriptEnabled: javaScriptEnabled !== false,
        ...(baseURL ? { baseURL } : {}),
      });
      opened.push(context);
      watch.over(context);
      const page: Page = await context.newPage();
      return new Skyport(page, script);
    });
    for (const context of opened) await context.close();
  },
});
