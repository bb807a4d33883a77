import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { devices, type Browser } from 'playwright-core';
import { People } from '../../src/auth/people.service.js';
import { newCell, type Caller, type Cell } from '../support/api.js';
import { faultsOf, launchBrowser, signedInPage, startPages, type PageServer } from './browser.js';
import { goTo, makeReady, openCorridor, ROADS, scheduleCorridor, type Prepared } from './scenario.js';

describe('the page of a team in the field', () => {
  let browser: Browser;
  let server: PageServer;
  let cell: Cell;
  let corridor: Prepared;
  let other: Prepared;
  let member: Caller;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startPages()]);
    cell = await newCell(server);
    corridor = await scheduleCorridor(cell, ROADS.mariupol);
    other = await scheduleCorridor(cell, ROADS.sumy);
    await goTo(cell.first, '2022-03-09T06:50:00Z');
    await makeReady(cell, corridor);
    await openCorridor(cell, corridor);
    await goTo(cell.first, '2022-03-09T07:10:00Z');
    member = await cell.as('field_member', [corridor.id]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.end();
  });

  it('shows only its own corridor: the word, until when, what to do', async () => {
    const { page, foreignRequests, policyViolations } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    expect(new URL(page.url()).pathname).toBe('/field');
    await page.locator('.field-word').getByText('Open', { exact: true }).waitFor();
    const text = await page.locator('body').innerText();
    expect(text).toMatch(/Mariupol – Zaporizhzhia[^]*until \d\d:\d\d[^]*Departures as planned/);
    expect(text).not.toContain('Sumy');
    expect([foreignRequests, policyViolations]).toEqual([[], []]);
    await page.context().close();
  }, 60_000);

  it('has no accessibility fault and the headers that keep it safe, as have the pages beside it, in either direction of reading and either light', async () => {
    const pages = {
      dark: ['/field?lang=en', '/sign-in?lang=ar', '/docs', '/problems'],
      light: ['/field?lang=ar', '/sign-in?lang=en', '/problems/stale-version'],
    };
    for (const [colorScheme, paths] of Object.entries(pages) as ['dark' | 'light', string[]][]) {
      const { page } = await signedInPage(browser, server, member.personId, { ...devices['Pixel 7'], colorScheme });
      for (const path of paths) {
        const answer = await page.goto(`${server.pagesUrl}${path}`);
        expect(answer?.headers()).toMatchObject({
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'SAMEORIGIN',
          'referrer-policy': 'no-referrer',
        });
        await page.locator('.field-word, form, main h1').first().waitFor();
        expect([path, await faultsOf(page)]).toEqual([path, []]);
      }
      await page.context().close();
    }
  }, 90_000);

  it('tells who is not signed in what to do, and comes back after', async () => {
    const page = await browser.newPage(devices['Pixel 7']);
    await page.goto(`${server.pagesUrl}/field`);
    await page.getByText('Sign in to see your corridor.').waitFor();
    expect(await page.getByRole('button', { name: /Stop/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.waitForURL('**/sign-in?back=%2Ffield');
    await page.close();
  }, 60_000);

  it('takes no corridor of several for granted', async () => {
    const both = await cell.as('field_member', [corridor.id, other.id]);
    const { page } = await signedInPage(browser, server, both.personId, devices['Pixel 7']);
    await page.getByText('Which corridor are you on?').waitFor();
    expect(await page.getByRole('button', { name: /^Stop/ }).count()).toBe(0);
    await page.getByRole('button', { name: corridor.name }).tap();
    await page.getByRole('button', { name: `Stop ${corridor.name} now` }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: `Stop ${corridor.name} now` }).waitFor();
    await page.context().close();
  }, 60_000);

  it('tells who has no corridor whom to ask, in their language, and shows the one that is assigned by itself', async () => {
    const nobody = await cell.as('field_member');
    const { page } = await signedInPage(browser, server, nobody.personId, devices['Pixel 7']);
    await page.getByText('No corridor is assigned to you.').waitFor();
    expect(await page.getByRole('button', { name: /Stop|Send/ }).count()).toBe(0);
    await page.getByRole('combobox').selectOption('ar');
    await page.getByText('لم يُسند إليك أي ممر.').waitFor();
    expect(await page.evaluate<string>('document.documentElement.dir')).toBe('rtl');
    await server.app.get(People).ensureAssignments(nobody.personId, [corridor.id]);
    await page.locator('.field-word').getByText(corridor.name).waitFor();
    await page.context().close();
  }, 60_000);

  it('reports what is seen, says what became of it, and sends again what got no answer', async () => {
    const { page } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    await page.getByRole('button', { name: 'Quiet' }).click();
    await page.getByRole('button', { name: 'I stand at the post' }).click();
    await page.route('**/v1/observations', (route) => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Send report' }).click();
    await page.getByText('Not sent').waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText(/Sent, received \d\d:\d\d/).waitFor();
    await page.context().close();
  }, 60_000);

  it('loses nothing that was typed or not sent when the page is loaded again, and sends it once', async () => {
    const { page } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    await page.getByRole('button', { name: 'Slow' }).click();
    await page.getByRole('button', { name: 'I passed through' }).click();
    await page.getByLabel('What else').fill('queue of 40 cars');
    await page.getByLabel('At least').fill('12');
    await page.route('**/v1/observations', (route) => route.abort());
    await page.getByRole('button', { name: 'Send report' }).click();
    await page.getByText('Not sent').waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    const sent = page.waitForRequest('**/v1/observations');
    await page.reload();
    expect((await sent).postDataJSON()).toMatchObject({
      note: 'queue of 40 cars',
      condition: 'slow',
      observedAt: expect.stringMatching(/^2022/),
    });
    expect(await page.getByLabel('At least').inputValue()).toBe('12');
    await page.unroute('**/v1/observations');
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText(/Sent, received \d\d:\d\d/).waitFor();
    const { body } = await cell.first.get(`/v1/observations?corridorId=${corridor.id}&limit=100`);
    expect((body.items as { condition: string }[]).filter(({ condition }) => condition === 'slow')).toHaveLength(1);
    await page.context().close();
  }, 60_000);

  it('tells why a report was refused, and what to do now, in the language of its reader', async () => {
    const { page } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
    await page.getByRole('button', { name: 'هادئ' }).click();
    await page.getByRole('button', { name: 'أقف عند النقطة' }).click();
    // As if the route had been changed since the page was loaded.
    const elsewhere = { segmentId: '00000000-0000-4000-8000-000000000000' };
    await page.route('**/v1/observations', (route) =>
      route.continue({ postData: { ...(route.request().postDataJSON() as object), ...elsewhere } }),
    );
    await page.getByRole('button', { name: 'أرسل البلاغ' }).click();
    await page.getByText('رُفض: لا مقطع كهذا في الممر. تغيّر الطريق في الأثناء. اختر المقطع من جديد.').waitFor();
    await page.context().close();
  }, 60_000);

  it('without a link is never green, and says since when', async () => {
    const { page } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    await page.locator('.field-word').getByText('Open', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.locator('.field-word').getByText('Unknown', { exact: true }).waitFor({ timeout: 20_000 });
    await page.getByText(/No link since 09:10/).waitFor();
    await page.getByText(/Last word: Open. Hold/).waitFor();
    // What stood behind the old word is no comfort now.
    expect(await page.locator('.field-word').innerText()).not.toMatch(/Agreed and checked/);
    await page.context().close();
  }, 60_000);

  it('stops in three taps', async () => {
    const { page } = await signedInPage(browser, server, member.personId, devices['Pixel 7']);
    await page.getByRole('button', { name: `Stop ${corridor.name} now` }).tap();
    await page.getByRole('button', { name: 'shelling' }).tap();
    const last = await page.getByRole('button', { name: 'STOP: shelling' }).boundingBox();
    expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(devices['Pixel 7'].viewport.height);
    await page.getByRole('button', { name: 'sniper' }).tap();
    await page.getByRole('button', { name: 'STOP: sniper' }).tap();
    await page.locator('.field-word').getByText('Suspended', { exact: true }).waitFor();
    const { body } = await cell.first.get(corridor.path);
    expect(body.status.holds).toMatchObject([{ reason: 'sniper', isStop: true, setBy: member.personId }]);
    await page.context().close();
  }, 60_000);
});
