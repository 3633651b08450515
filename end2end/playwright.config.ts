// The journeys: one real portal, one real browser, once with JavaScript and once without.

import { defineConfig } from '@playwright/test';
import type { Options } from './support/test';

const executablePath = process.env.SKYPORT_CHROMIUM || '/usr/bin/chromium';

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
  retries: 0,
  reporter: [['list']],
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
    { name: 'script', use: { javaScriptEnabled: true } },
    { name: 'plain', use: { javaScriptEnabled: false } },
  ],
});
