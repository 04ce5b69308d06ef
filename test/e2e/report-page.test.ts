import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFleetLog } from '../harness/fleet-log.js';
import { SAMPLE_POLICIES } from '../harness/repository.js';
import { runSluice } from '../harness/run-program.js';
import { makeTemporaryFolder } from '../harness/temporary-folder.js';

const POLICY = 'exchange-2016.policy.yaml';
const WIDTHS = [1280, 480];
/** Longest time that a report may take to be made, in milliseconds. */
const LIMIT_MILLIS = 60_000;

let browser: Browser;
const pages = new Map<string, string>();

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const folder = await makeTemporaryFolder();
  const changed = join(folder, 'changed');
  await cp(SAMPLE_POLICIES, changed, { recursive: true });
  const policy = await readFile(join(changed, POLICY), 'utf8');
  await writeFile(join(changed, POLICY), policy.replace('after: 40d, throttle: 10m/h', 'after: 40d, throttle: 15m/h'));
  await writeFleetLog(join(folder, 'traffic.log'), { records: 30_000, servers: 200, days: 100 });
  const commands = {
    replay: ['replay', '--policies', SAMPLE_POLICIES],
    impact: ['impact', '--base', SAMPLE_POLICIES, '--policies', changed],
    forecast: ['forecast', '--policies', SAMPLE_POLICIES],
  };
  for (const [name, args] of Object.entries(commands)) {
    const { stdout, stderr } = await runSluice([...args, '--format', 'html', 'traffic.log'], { cwd: folder });
    expect(stderr).toBe('');
    await writeFile(join(folder, `${name}.html`), stdout);
    pages.set(name, pathToFileURL(join(folder, `${name}.html`)).href);
  }
}, LIMIT_MILLIS);

afterAll(() => browser?.close());

/** Opens a page; whatever it asks for beyond itself, or complains of, fails the test. */
async function open(name: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    if (request.url() !== pages.get(name)) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pages.get(name) ?? '');
  expect(complaints).toStrictEqual([]);
  return page;
}

describe.each(['replay', 'impact', 'forecast'])('the page of sluice %s', (name) => {
  it('shows its charts and tables, each under its own heading, within the window', async () => {
    for (const width of WIDTHS) {
      const page = await open(name, width, 'light');
      await expect.poll(() => page.locator('h1').count()).toBe(1);
      const bars = await page
        .locator('svg rect')
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
      expect(bars.length).toBeGreaterThan(5);
      expect(bars.filter((height) => height > 0).length).toBe(bars.length);
      expect(await page.locator('svg[role=img][aria-label]').count()).toBe(await page.locator('svg').count());
      expect(await page.locator('section:has(table) > h2').count()).toBe(await page.locator('table').count());
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(5);
      // Wide tables are scrolled by themselves.
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      const picture = await page.screenshot({ fullPage: true });
      expect(picture.length).toBeGreaterThan(10_000);
      await page.close();
    }
  });

  it('can be read in the dark', async () => {
    const page = await open(name, 1280, 'dark');
    const colours = await page.locator('body').evaluate((body) => {
      const { color, backgroundColor } = getComputedStyle(body);
      return [color, backgroundColor];
    });
    const [ink = 0, paper = 0] = colours.map((each) => Number(/\d+/.exec(each)?.[0]));
    expect(ink - paper).toBeGreaterThan(150);
    await page.close();
  });
});
