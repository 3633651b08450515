// Every page, signed in and out, looked at in all its looks. Pages of a query that failed or was interrupted, of a
// remote archive and of what goes wrong are looked at where they come about.

import { look } from '../support/look';
import { HEAVY, type Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

/** A page: its name, and how to come there. */
type Place = [name: string, path: string | ((skyport: Skyport) => Promise<void>), status?: number];

const PLACES: Place[] = [
  ['home', '/'],
  ['datasets', '/datasets'],
  ['datasets-search', '/datasets?q=galaxy'],
  ['datasets-none', '/datasets?q=no-such-thing'],
  ['archive', '/datasets/local'],
  ['archive-table', '/datasets/local?table=sky.stars'],
  ['query-form', '/datasets/query?archive=local&table=sky.stars&target=M%2042&radius=3%20deg&c.mag=%3C%2012'],
  ['query-faults', '/datasets/query?archive=local&table=sky.stars&target=Nowhere&radius=wide&rows=many'],
  ['query-adql-fault', `/datasets/query?archive=local&adql=${encodeURIComponent('SELECT hip, magg\nFROM sky.stars')}`],
  [
    'result',
    (skyport) =>
      skyport.ask("SELECT * FROM sky.stars WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.82, -5.39, 3))"),
  ],
  [
    'result-scatter',
    async (skyport) => {
      await skyport.ask('SELECT hip, ra, dec, mag, bv FROM sky.stars WHERE mag < 4');
      await skyport.open(`${skyport.address()}?x=bv&y=mag&sort=mag&f.mag=1..3`);
    },
  ],
  ['running', (skyport) => skyport.begin(HEAVY)],
  ['cancelled', cancel],
  ['result-empty', (skyport) => skyport.ask('SELECT hip FROM sky.stars WHERE mag < -5')],
  ['queries', '/queries'],
  ['basket', '/basket'],
  ['servers', '/servers'],
  ['servers-new', '/servers/new'],
  ['keys', '/keys'],
  ['software', '/software'],
  ['software-narrowed', '/software?q=images&kind=web-app&tag=viewer'],
  ['software-none', '/software?q=no-such-thing'],
  ['software-entry', '/software/notebook'],
  ['software-new', '/software/new'],
  ['plan', '/plan?software=notebook'],
  ['plan-window', '/plan?software=batch&cores=2&hours=1.5&when=within'],
  ['plan-no', '/plan?software=notebook&cores=9999'],
  ['bookings', '/bookings'],
  ['sessions', '/sessions'],
  ['account', '/account'],
  ['sign-in', '/sign-in?next=%2Fbasket'],
  ['sign-in-problem', '/sign-in?problem=expired'],
  ['not-found', '/no/such/page', 404],
  ['nobodys-server', '/servers/no-such-server', 404],
  ['nobodys-session', '/sessions/no-such-session', 404],
  ['nobodys-booking', '/bookings/no-such-booking', 404],
  ['nobodys-query', '/queries/no-such-query', 404],
  ['home-later', '/'],
];

for (const who of ['visitor', 'user'] as const) {
  for (const [name, path, status] of PLACES) {
    test(`${name}, ${who}`, async ({ skyport, watch }, info) => {
      if (status) watch.expectStatus(status);
      if (who === 'visitor') watch.expectStatus(401);
      test.skip(name === 'running' && !skyport.script, 'a page that loads itself again every other second');
      const { page } = skyport;
      if (who === 'user') {
        await skyport.open('/');
        await skyport.signIn();
        if (name === 'basket') await keepSomething(skyport);
      }
      if (typeof path === 'string') await skyport.open(path);
      else await path(skyport);
      await look(skyport, `${name}-${who}`, info);
      if (name === 'running') await page.getByRole('button', { name: 'Cancel query' }).click();
      if (who === 'user') await skyport.leave();
    });
  }
}

test("the demo issuer's own page", async ({ skyport }, info) => {
  await skyport.open('/sign-in');
  await skyport.page.getByRole('button', { name: /^Sign in with / }).click();
  await expect(skyport.heading('Demo sign-in')).toBeVisible();
  await look(skyport, 'demo-issuer', info);
});

async function cancel(skyport: Skyport): Promise<void> {
  await skyport.begin(HEAVY);
  await skyport.page.getByRole('button', { name: 'Cancel query' }).click();
  await expect(skyport.main.getByText('Cancelled', { exact: true }).first()).toBeVisible();
}

async function keepSomething(skyport: Skyport): Promise<void> {
  await skyport.emptyBasket();
  await skyport.ask('SELECT TOP 20 hip, ra, dec, mag, bv FROM sky.stars ORDER BY mag');
  await skyport.addRows(1, 2, 3, 4);
  await expect(skyport.main.getByText('4 items added to the basket.')).toBeVisible();
}
