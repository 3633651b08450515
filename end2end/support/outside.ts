// Skyport among servers that nobody here wrote: its database is PostgreSQL, people sign in through the certified
// `oidc-provider`, and besides the local archive there is GAVO DaCHS with a table of stars. All of it is started by the
// first journey that asks for it, serves the journeys of that worker, and ends with it, whatever happened meanwhile.

import { expect } from '@playwright/test';
import { keepLog, sessionsOn } from './portal';
import { freePort, type Portal, Servers } from './servers';
import { Skyport, type User } from './skyport';
import { test as base } from './test';

export { expect } from '@playwright/test';

/** The archive's name for people, and its table. */
export const DACHS = 'Stars at the institute';
export const TABLE = 'demo.stars';

/** What the provider calls itself here, and the names that it gives our users. */
const INSTITUTE = 'Institute';
const PEOPLE = { astronomer: 'Ada Astronomer', operator: 'Otto Operator' } as const;

interface World {
  portal: Portal;
  issuer: string;
}

interface Provider {
  issuer: string;
  client_id: string;
  client_secret: string;
}

async function begin(servers: Servers): Promise<World> {
  // The provider wants to know where codes go before the portal runs, the portal who the provider is.
  const port = await freePort();
  const [database, archive, provider, engine] = await allOf([
    servers.start<{ url: string }>('postgres'),
    servers.start<{ url: string }>('dachs'),
    servers.start<Provider>('oidc-provider', { OIDC_REDIRECT_URIS: `http://127.0.0.1:${port}/auth/callback` }),
    servers.start<{ socket: string }>('podman'),
  ]);
  const { issuer, client_id, client_secret } = provider.ready;
  const portal = await servers.start<Portal>('portal', {
    ...sessionsOn(engine.ready.socket),
    SKYPORT_SERVER__LISTEN: `127.0.0.1:${port}`,
    SKYPORT_DATABASE__URL: database.ready.url,
    SKYPORT_SIGN_IN__DEMO: 'false',
    SKYPORT_SIGN_IN__PROVIDERS__INSTITUTE__NAME: INSTITUTE,
    SKYPORT_SIGN_IN__PROVIDERS__INSTITUTE__ISSUER: issuer,
    SKYPORT_SIGN_IN__PROVIDERS__INSTITUTE__CLIENT_ID: client_id,
    SKYPORT_SIGN_IN__PROVIDERS__INSTITUTE__CLIENT_SECRET: client_secret,
    SKYPORT_SIGN_IN__PROVIDERS__INSTITUTE__SCOPES: '[profile,email,groups]',
    SKYPORT_ARCHIVES__TAP__DACHS__TITLE: DACHS,
    SKYPORT_ARCHIVES__TAP__DACHS__SENTENCE: 'Stars to magnitude 8, served over TAP by GAVO DaCHS.',
    SKYPORT_ARCHIVES__TAP__DACHS__URL: archive.ready.url,
  });
  return { portal: portal.ready, issuer };
}

/** All of them, or, when all have settled, the first failure: none may still be starting when the others are ended. */
async function allOf<T extends readonly unknown[]>(starting: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

/** The portal, with the provider's own pages on the way in. */
export class Outside extends Skyport {
  override readonly people = PEOPLE;
  /** Whether the provider knows this browser from an earlier sign-in, and asks nothing. */
  private known = false;

  protected override async atProvider(user: User): Promise<void> {
    if (this.known) return;
    const { page } = this;
    await expect(this.heading('Sign-in')).toBeVisible();
    await page.getByPlaceholder('Enter any login').fill(user);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await expect(this.heading('Authorize')).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    this.known = true;
  }
}

export const test = base.extend<object, { world: World }>({
  world: [
    async ({}, use, info) => {
      const servers = new Servers();
      try {
        const world = await begin(servers);
        try {
          await use(world);
        } finally {
          await keepLog(world.portal.log, `${info.project.name}-portal`);
        }
      } finally {
        await servers.stop();
      }
    },
    { scope: 'worker', timeout: 180_000 },
  ],

  baseURL: async ({ world }, use) => use(world.portal.url),

  origins: async ({ world }, use) => use([world.portal.url, world.issuer]),

  portalIn: async ({ script }, use) => use((page) => new Outside(page, script)),

  prepare: async ({ prepare, watch, world }, use) => {
    // The provider's page wants a font from elsewhere. It is not our page, and there is no elsewhere.
    watch.expect(new RegExp(`^request to another site: https://fonts\\.googleapis\\.com/\\S* by ${world.issuer}$`));
    watch.expect(/^console error: .*net::ERR_FAILED \(https:\/\/fonts\.googleapis\.com\//);
    await use(async (context) => {
      await prepare(context);
      await context.route('https://fonts.googleapis.com/**', (route) => route.abort());
    });
  },
});
