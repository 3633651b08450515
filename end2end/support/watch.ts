// What no page may do, whatever the journey: complain in the console (content security policy and hydration do that
// there), throw, or ask anybody but the portal and the provider of the sign-in for anything.

import { type BrowserContext, expect, type Request } from '@playwright/test';

/** What a page says only because the machine was busy: how soon after the load is no matter of the page. */
const BUSY = /was preloaded using link preload but not used within a few seconds/;

export class Watch {
  private readonly found = new Set<string>();
  private readonly expected: RegExp[] = [];
  private readonly origins: string[];
  private readonly guests: string[] = [];

  /** `origins`: who may be asked. */
  constructor(origins: readonly string[]) {
    this.origins = [...origins];
  }

  /** One more server that this journey uses. */
  allow(origin: string): void {
    this.origins.push(origin);
  }

  /** A session's origin: its pages are its software's, which may complain; they too ask nobody but themselves. */
  guest(origin: string): void {
    this.allow(origin);
    this.guests.push(origin);
  }

  /** Watches every page of a browser. */
  over(context: BrowserContext): void {
    context.on('console', (message) => {
      const complains = message.type() === 'error' || message.type() === 'warning';
      if (complains && !this.isGuest(message.page()?.url() ?? '')) {
        this.note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => {
      if (!this.isGuest(error.page()?.url() ?? '')) this.note(`uncaught: ${error.error().stack ?? error.error().message}`);
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && !this.origins.includes(url.origin)) {
        this.note(`request to another site: ${request.url()} by ${asker(request)}`);
      }
    });
  }

  /** This journey makes a page complain like that on purpose. */
  expect(complaint: RegExp): void {
    this.expected.push(complaint);
  }

  /** A status that a journey provokes is in the console too. */
  expectStatus(...statuses: number[]): void {
    for (const status of statuses) this.expect(new RegExp(`the server responded with a status of ${status}`));
  }

  /** Fails with everything that was found. */
  verify(): void {
    expect([...this.found], 'complaints of the pages').toEqual([]);
  }

  private isGuest(url: string): boolean {
    return URL.canParse(url) && this.guests.includes(new URL(url).origin);
  }

  private note(complaint: string): void {
    if (![BUSY, ...this.expected].some((pattern) => pattern.test(complaint))) this.found.add(complaint);
  }
}

/** The site whose page asks. */
function asker(request: Request): string {
  // Before a navigation has a document there is nobody to name.
  return request.isNavigationRequest() ? 'a navigation' : new URL(request.frame().url()).origin;
}
