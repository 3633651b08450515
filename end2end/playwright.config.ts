// The journeys: a real browser, once with JavaScript and once without; Skyport on its embedded default, and in `outside*`
// among a database, a provider and an archive that nobody here wrote.

import { defineConfig } from '@playwright/test';
import type { Options } from './support/test';

const executablePath = process.env.SKYPORT_CHROMIUM || '/usr/bin/chromium';
const OUTSIDE = 'outside/*.spec.ts';

export default defineConfig<Options>({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './support/portal.ts',
  // The machine may have two cores, and the server in the middle is a debug build.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  globalTimeout: 30 * 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  // One more try where nobody looks on; a journey that needed it is named in the summary, and is a fault to mend.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['./support/remarks.ts']],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 900 },
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'script', testIgnore: OUTSIDE, use: { javaScriptEnabled: true } },
    { name: 'plain', testIgnore: OUTSIDE, use: { javaScriptEnabled: false } },
    { name: 'outside', testMatch: OUTSIDE, use: { javaScriptEnabled: true } },
    { name: 'outside-plain', testMatch: OUTSIDE, use: { javaScriptEnabled: false } },
  ],
});
