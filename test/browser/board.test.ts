import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newCell, type Cell } from '../support/api.js';
import { faultsOf, launchBrowser, signedInPage, startPages, type PageServer, type Watched } from './browser.js';
import { morning, refresh, type Morning, type Prepared } from './scenario.js';

const SILENCE_MS = 15_000;

/** Names in the order of the rows, folded ones left out. */
const rowNames = (page: Page): Promise<string[]> => page.locator('.corridors:not(.corridors-folded) .corridor-name').allTextContents();
const rowOf = (page: Page, name: string) => page.locator('tr.row', { has: page.getByText(name, { exact: true }) });
const wordOf = (page: Page, name: string) => rowOf(page, name).locator('.word-row');

describe('the board of the morning of 9 March', () => {
  let browser: Browser;
  let server: PageServer;
  let cell: Cell;
  let scene: Morning;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startPages()]);
    cell = await newCell(server);
    scene = await morning(cell);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.end();
  });

  const holdsOf = async ({ path }: Prepared): Promise<number> =>
    ((await cell.first.get(path)).body.status as { holds: unknown[] }).holds.length;

  it('shows first who may die first, and never says "live" beside history', async () => {
    const { page, errors } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('tr.row').first().waitFor();
    expect(await rowNames(page)).toEqual([scene.irpin, scene.sumy, scene.izium, scene.mariupol, scene.volnovakha].map(({ name }) => name));
    expect(await page.locator('.do-now').innerText()).toMatch(/Danger[^]*Irpin[^]*60–120/);
    expect(await page.locator('.clock-local time').innerText()).toBe('09:10');
    expect(await page.locator('.notice-bar').innerText()).toMatch(/EXERCISE/);
    expect(await page.locator('.header').innerText()).toMatch(/Stream OK/);
    expect(await page.locator('body').innerText()).not.toMatch(/\blive\b/i);
    expect(await page.locator('details.folded summary').allInnerTexts()).toEqual(['Not agreed, announced by parties · 1']);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('asks no other server for anything, breaks no policy, and has no accessibility fault, dark and light', async () => {
    for (const colorScheme of ['dark', 'light'] as const) {
      const { page, foreignRequests, policyViolations, errors } = await signedInPage(browser, server, cell.first.personId, { colorScheme });
      await page.locator('.detailed-map canvas').waitFor();
      await page.locator('.corridor-name').first().click();
      await page.locator('.detail').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      expect([foreignRequests, policyViolations, errors]).toEqual([[], [], []]);
      await page.context().close();
    }
  }, 60_000);

  it('stops with one press, and the other screen shows it', async () => {
    const first = await signedInPage(browser, server, cell.first.personId);
    const second = await signedInPage(browser, server, cell.second.personId);
    await wordOf(second.page, scene.volnovakha.name).getByText('Planned').waitFor();
    await first.page.getByRole('button', { name: `Stop ${scene.volnovakha.name} now` }).click();
    await first.page.getByText(`Stop of ${scene.volnovakha.name} recorded`).waitFor();
    await wordOf(second.page, scene.volnovakha.name).getByText('Suspended').waitFor();
    await Promise.all([first, second].map(({ page }) => page.context().close()));
  }, 60_000);

  it('reaches STOP with the keyboard alone', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('#stop').waitFor();
    await page.keyboard.press('s');
    expect(await page.evaluate<string>('document.activeElement?.id')).toBe('stop');
    await page.keyboard.press('Enter');
    await page.getByText(`Stop of ${scene.irpin.name} recorded`).waitFor();
    await page.context().close();
  }, 60_000);

  it('stops with one press of Alt+S from anywhere, and once however long it is held', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('#stop').waitFor();
    const before = await holdsOf(scene.irpin);
    await page.keyboard.down('Alt');
    for (let held = 0; held < 3; held += 1) await page.keyboard.down('KeyS'); // from the second on it repeats
    await page.getByText(`Stop of ${scene.irpin.name} recorded`).waitFor();
    expect(await holdsOf(scene.irpin)).toBe(before + 1);
    await page.context().close();
  }, 60_000);

  it('tells what happened before the page was opened, and who set a hold by name', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('.ticker-list li').first().waitFor();
    expect(await page.locator('.ticker-list').innerText()).toMatch(/STOP|requested|reported/);
    await page.locator('.corridor-name', { hasText: scene.sumy.name }).click();
    await page.locator('.hold').getByText('by you').first().waitFor();
    const other = await signedInPage(browser, server, cell.second.personId);
    await other.page.locator('.corridor-name', { hasText: scene.sumy.name }).click();
    await other.page
      .locator('.hold')
      .getByText(/by (?!you|another person|a rule)/)
      .first()
      .waitFor();
    await Promise.all([page, other.page].map((one) => one.context().close()));
  }, 60_000);

  it('approves what was shown: a corridor that changed since it was read is refused, and read again', async () => {
    await refresh(cell, scene.izium);
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await rowOf(page, scene.izium.name).getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: `Approve the opening of ${scene.izium.name}` });
    await dialog.getByText(/As it stood at/).waitFor();
    expect((await cell.first.post(`${scene.izium.path}/people-inside`, { min: 0, max: 0 })).status).toBeLessThan(300);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.locator('.notice-refused').waitFor();
    expect(await wordOf(page, scene.izium.name).innerText()).not.toBe('Open');
    await page.context().close();
  }, 60_000);

  it('prints one page that says when, that it is an exercise, how long it holds, and what it is not', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('tr.row').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.printed-head').innerText()).toMatch(
      /Situation at 09:1\d, Wed[^]*UTC[^]*EXERCISE[^]*this paper says nothing[^]*Not a guarantee and not a permission/,
    );
    expect(await page.locator('.stop-button:visible, .player:visible, .map-panel:visible').count()).toBe(0);
    const again = await page.locator('.corridors thead .printed-again:visible').allInnerTexts();
    expect(again.join(' ')).toMatch(/^EXERCISE.* 09:1\d, Wed.*Europe\/Kyiv.*EXERCISE.*Europe\/Kyiv/);
    // What is folded on the screen is not on paper: nobody can unfold it there.
    expect(await rowOf(page, 'Kharkiv – Belgorod').innerText()).toMatch(/Not agreed[^]*Kharkiv – Belgorod[^]*only observe it/);
    const pages = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g);
    expect(pages).toHaveLength(1);
    await page.context().close();
  }, 60_000);

  it('goes to the sign-in page when the session has ended, and back', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.locator('tr.row').first().waitFor();
    await page.context().clearCookies();
    await page.reload();
    await page.getByText('You are signed out').waitFor();
    await page
      .locator('.notice-bar')
      .getByText(/EXERCISE/)
      .waitFor();
    // Who is told nothing is not told that there is nothing.
    expect(await page.locator('main').innerText()).toMatch(/Sign in to see the corridors/);
    expect(await page.locator('main').innerText()).not.toMatch(/No corridor|Nothing has happened|No window/);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.waitForURL(/\/sign-in\?back=%2F$/);
    await page
      .locator('.notice-bar')
      .getByText(/EXERCISE/)
      .waitFor();
    await page.context().close();
  }, 60_000);

  it('tells a partner what is not theirs to know as that, never as nothing', async () => {
    const partner = await (await newCell(server)).as('partner', [scene.sumy.id, scene.mariupol.id]);
    const { page } = await signedInPage(browser, server, partner.personId);
    await page.locator('.corridor-name', { hasText: scene.sumy.name }).click();
    await page.locator('.detail').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/Suspended: checkpoint\.[^]*window to 9 Mar[^]*Hours of windows are not shown to you/);
    expect(text).not.toMatch(/\bnone\b|No hold stands|no hotline answered|no segments|not stated|No window|2022-03/);
    await page.context().close();
  }, 60_000);

  it('says what to do where there is no JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    for (const path of ['/', '/field', '/sign-in']) {
      await page.goto(`${server.pagesUrl}${path}`);
      expect(await page.locator('body').innerText()).toMatch(/needs JavaScript[^]*UNKNOWN[^]*radio/);
    }
    await context.close();
  });

  it('opens by two people, each from their own screen', async () => {
    await refresh(cell, scene.izium);
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await rowOf(page, scene.izium.name).getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: `Approve the opening of ${scene.izium.name}` });
    await dialog.getByText('Segments').waitFor();
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Opened. You were the second person.').waitFor();
    await page.mouse.move(0, 0);
    await wordOf(page, scene.izium.name).getByText('Open', { exact: true }).waitFor();
    await page.context().close();
  }, 60_000);

  it('fits a phone without scrolling sideways, in both directions of reading', async () => {
    for (const language of ['en', 'ar']) {
      const { page } = await signedInPage(browser, server, cell.first.personId, { viewport: { width: 390, height: 844 } });
      await page.goto(`${server.pagesUrl}/?lang=${language}`);
      await page.locator('tr.row').first().waitFor();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(await page.evaluate<string>('document.documentElement.dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
      await page.context().close();
    }
  }, 60_000);

  it('speaks Arabic without a word of English of its own, and without an accessibility fault', async () => {
    const { page } = await signedInPage(browser, server, cell.first.personId);
    await page.goto(`${server.pagesUrl}/?lang=ar`);
    await page.locator('.corridor-name').first().click();
    await page.locator('.detail').waitFor();
    const heads = await page.locator(':is(h1, h2, h3, th[scope=col], caption, .button, .word-text, dt):visible').allInnerTexts();
    expect(heads.filter((text) => /[a-z]{3}/i.test(text) && !/^(Safe Passage|EXERCISE)$/.test(text))).toEqual([]);
    expect(await page.title()).toBe('Safe Passage · اللوحة');
    await page.locator('canvas[aria-label^="الخريطة"]').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('draws its own map where there is no WebGL', async () => {
    const plain = await launchBrowser({ hasWebGl: false });
    const { page, errors } = await signedInPage(plain, server, cell.first.personId);
    await page.locator('.svg-map .line-danger, .svg-map .line-suspended').first().waitFor();
    await page.locator('.svg-map .base-country[d^="M"]').waitFor();
    expect(await page.locator('tr.row').count()).toBeGreaterThan(4);
    expect(errors).toEqual([]);
    await plain.close();
  }, 60_000);
});

describe('a server that falls silent', () => {
  let browser: Browser;
  let server: PageServer;
  let scene: Morning;
  let screen: Watched;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await startPages();
    const cell = await newCell(server);
    scene = await morning(cell);
    screen = await signedInPage(browser, server, cell.first.personId);
    await wordOf(screen.page, scene.mariupol.name).getByText('Open', { exact: true }).waitFor();
  }, 120_000);

  it('is drawn as unknown within 15 s of its death; the old picture stays', async () => {
    const { page } = screen;
    const order = await rowNames(page);
    const diedAt = Date.now();
    await server.kill();
    await wordOf(page, scene.mariupol.name)
      .getByText('Unknown')
      .waitFor({ timeout: SILENCE_MS + 2_000 });
    expect(Date.now() - diedAt).toBeLessThan(SILENCE_MS + 2_000);
    await page.getByText(/No word from the server since 09:1\d/).waitFor({ timeout: SILENCE_MS + 2_000 });
    expect(await rowNames(page)).toEqual(order);
    expect(await wordOf(page, scene.irpin.name).innerText()).toBe('Danger');
    await page.locator('.corridor-name', { hasText: scene.mariupol.name }).click();
    expect(await page.locator('.detail .word-small').allInnerTexts()).toEqual(['Unknown', 'Unknown']);
    expect(await page.locator('.board-list').innerText()).toMatch(/Open or limited until now[^]*Last word “Open”/);
    expect(await page.locator('.board-list').innerText()).not.toMatch(/Open and limited|Agreed and checked/);
    await page.context().close();
    await server.end();
  }, 60_000);

  it('is drawn as unknown when it stands still with its connections open, and recovers when it goes on', async () => {
    const { page } = screen;
    server.freeze();
    await wordOf(page, scene.mariupol.name)
      .getByText('Unknown')
      .waitFor({ timeout: SILENCE_MS + 2_000 });
    server.thaw();
    await wordOf(page, scene.mariupol.name).getByText('Open', { exact: true }).waitFor();
    await page.context().close();
    await server.end();
  }, 60_000);

  it('is never green on a machine that woke up, though its monotonic clock stood still', async () => {
    const { page } = screen;
    await server.kill();
    await page.evaluate(() => {
      const awake = Date.now.bind(Date);
      Date.now = () => awake() + 3_600_000;
    });
    await wordOf(page, scene.mariupol.name).getByText('Unknown').waitFor({ timeout: 5_000 });
    await page.context().close();
    await server.end();
  }, 60_000);

  it('is never green in a tab that slept', async () => {
    const { page } = screen;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await server.kill();
    await new Promise((passed) => setTimeout(passed, SILENCE_MS)); // real silence is what is tested
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await wordOf(page, scene.mariupol.name).getByText('Unknown').waitFor({ timeout: 2_000 });
    await page.context().close();
    await server.end();
  }, 90_000);
});
