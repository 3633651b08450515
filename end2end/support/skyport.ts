// The portal as a person uses it: what several journeys do, in one place. Everything is found by what it is called.

import { type APIResponse, expect, type Locator, type Page } from '@playwright/test';

/** The demo issuer's users. */
export const USERS = { astronomer: 'Demo Astronomer', operator: 'Demo Operator' } as const;
export type User = keyof typeof USERS;

/** The local archive. */
export const LOCAL = 'The sky at hand';

/** Fourteen thousand million pairs: a question that is still running when the test looks. */
export const HEAVY = 'SELECT COUNT(*) AS pairs FROM sky.stars AS a JOIN sky.stars AS b ON a.mag + b.mag < a.bv * b.bv';

export class Skyport {
  /** What the users are called here. */
  readonly people: Readonly<Record<User, string>> = USERS;
  readonly main: Locator;
  /** The bar at the top. */
  readonly bar: Locator;
  /** Where ADQL is written. */
  readonly editor: Locator;

  constructor(
    readonly page: Page,
    /** Whether pages run their script. */
    readonly script: boolean,
  ) {
    this.main = page.getByRole('main');
    this.bar = page.getByRole('banner');
    this.editor = page.getByRole('textbox', { name: 'ADQL', exact: true });
  }

  /** Opens an address and waits until the page is as it will stay. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.awake();
  }

  /** After a document was loaded: until its script has taken over, where it has one. */
  async awake(): Promise<void> {
    if (this.script) await expect(this.page.locator('html')).toHaveAttribute('data-js', '');
  }

  /** The page's one first heading. */
  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** Path and query of where we are. */
  address(): string {
    const url = new URL(this.page.url());
    return url.pathname + url.search;
  }

  /** A menu or folded part by what its button says. */
  folded(label: string | RegExp, within: Locator | Page = this.page): Locator {
    return within.locator('details', { has: this.page.locator('summary', { hasText: label }) }).last();
  }

  /** Opens such a part and gives it. */
  async unfold(label: string | RegExp, within: Locator | Page = this.page): Promise<Locator> {
    const part = this.folded(label, within);
    if ((await part.getAttribute('open')) === null) await part.locator('summary').first().click();
    await expect(part).toHaveAttribute('open', '');
    return part;
  }

  /** Closes such a part again. */
  async fold(label: string | RegExp, within: Locator | Page = this.page): Promise<void> {
    const part = this.folded(label, within);
    if ((await part.getAttribute('open')) !== null) await part.locator('summary').first().click();
    await expect(part).not.toHaveAttribute('open', /.*/);
  }

  /** Signs in from wherever we are, by the link in the bar, and comes back there. */
  async signIn(user: User = 'astronomer'): Promise<void> {
    await this.bar.getByRole('link', { name: 'Sign in' }).click();
    await this.choose(user);
  }

  /** On the sign-in page: the provider, and there the user. */
  async choose(user: User = 'astronomer'): Promise<void> {
    await expect(this.heading('Sign in')).toBeVisible();
    await this.page.getByRole('button', { name: /^Sign in with / }).click();
    await this.atProvider(user);
    await expect(this.userMenu(user)).toBeVisible();
    await this.awake();
  }

  /** On the provider's own pages, until they lead back. */
  protected async atProvider(user: User): Promise<void> {
    await expect(this.heading('Demo sign-in')).toBeVisible();
    await this.page.getByRole('button', { name: USERS[user] }).click();
  }

  userMenu(user: User = 'astronomer'): Locator {
    return this.folded(this.people[user], this.bar);
  }

  async signOut(user: User = 'astronomer'): Promise<void> {
    const menu = await this.unfold(this.people[user], this.bar);
    await menu.getByRole('button', { name: 'Sign out' }).click();
    await this.expectSignedOut();
    await this.awake();
  }

  /** Signs out behind the page's back, so that sign-ins do not pile up. */
  async leave(): Promise<void> {
    const origin = new URL(this.page.url()).origin;
    await this.page.request.post('/auth/sign-out', { headers: { origin }, maxRedirects: 0 });
  }

  async expectSignedOut(): Promise<void> {
    await expect(this.bar.getByRole('link', { name: 'Sign in' })).toBeVisible();
  }

  /** A link of the rail. */
  place(name: 'Home' | 'Datasets' | 'Queries' | 'Basket'): Locator {
    return this.page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: new RegExp(`^${name}`) });
  }

  /** What the rail says is in the basket; nothing where it is empty. */
  async expectInBasket(items: number): Promise<void> {
    await expect(this.place('Basket')).toHaveText(items === 0 ? 'Basket' : new RegExp(`^Basket ?${items} items?$`));
  }

  /** Calls a server function as the page's own forms do. */
  async call(name: string, form: Record<string, string>): Promise<APIResponse> {
    const origin = new URL(this.page.url()).origin;
    return this.page.request.post(`/api/${name}`, { form, headers: { origin, accept: 'application/json' } });
  }

  /** Begins a journey with nothing in the basket of the one who is signed in. */
  async emptyBasket(): Promise<void> {
    const answer = await this.call('basket/empty', { archive: '' });
    expect(answer.status()).toBe(200);
  }

  /** Asks an archive in ADQL, by hand, and waits for the answer. */
  async ask(adql: string, archive = 'local'): Promise<void> {
    await this.open(`/datasets/query?archive=${archive}`);
    await this.editor.fill(adql);
    await this.run();
  }

  /** Asks in ADQL, and waits until it runs. `portal` is the address of another portal than the journey's own. */
  async begin(adql: string, archive = 'local', portal = ''): Promise<void> {
    await this.open(`${portal}/datasets/query?archive=${archive}`);
    await this.editor.fill(adql);
    await this.page.getByRole('button', { name: 'Run query' }).click();
    await this.page.waitForURL(/\/queries\/[^/?]+/);
    await expect(this.main.getByText('Running', { exact: true })).toBeVisible();
    await this.awake();
  }

  /** Presses the button and waits for the answer. */
  async run(): Promise<void> {
    await this.page.getByRole('button', { name: 'Run query' }).click();
    await this.completed();
  }

  /** The page of a query that has its answer. */
  async completed(): Promise<void> {
    await this.page.waitForURL(/\/queries\/[^/?]+/);
    await expect(this.main.getByText('Completed', { exact: true })).toBeVisible({ timeout: 60_000 });
    await this.awake();
  }

  /** The number over the table: rows shown, and rows in all. */
  async counts(): Promise<{ shown: number; total: number }> {
    const text = await this.main.getByRole('heading', { level: 2, name: /rows?$/ }).innerText();
    const numbers = (text.match(/\d[\d,]*/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
    const shown = numbers[0] ?? Number.NaN;
    return { shown, total: numbers[1] ?? shown };
  }

  /** The row at a place of the table, from 1. */
  row(place: number): Locator {
    return this.page.getByRole('row').filter({ has: this.tick(place) });
  }

  /** The tick of that row. */
  tick(place: number): Locator {
    return this.page.getByRole('checkbox', { name: `Select row ${place}`, exact: true });
  }

  /** The link in a column's head that sorts by it. */
  sorter(column: string): Locator {
    return this.page.locator('thead').getByRole('link', { name: column, exact: true });
  }

  /** The head of a column. */
  column(column: string): Locator {
    return this.page.getByRole('columnheader').filter({ has: this.page.getByRole('link', { name: column, exact: true }) });
  }

  /** Ticks rows and puts them into the basket. */
  async addRows(...places: number[]): Promise<void> {
    for (const place of places) await this.tick(place).check();
    await this.page.getByRole('button', { name: 'Add to basket' }).click();
  }

  /** The file that a link leads to. */
  async download(link: Locator): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), link.click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}
