import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { REPOSITORY, SAMPLE_POLICIES } from '../../harness/repository.js';
import { makeTemporaryFolder } from '../../harness/temporary-folder.js';
import { installedVsCode, packedExtension } from './installed-vscode.js';
import { VsCodeServer } from './vscode-server.js';
import { Workbench } from './workbench.js';

const SCREENSHOTS = fileURLToPath(new URL('./screenshots', import.meta.url));
/** Set to renew the pictures of the extension's README. */
const KEEPS_PICTURES = process.env['SLUICE_KEEP_PICTURES'] !== undefined;

/** The file that is edited, with a mistake in its mode. */
const EDITED = 'partners.policy.yaml';
const TEXT = `name: partners
description: Partners are asked to update before they are slowed down.
mode: enforc
priority: 50
effective: { from: 2026-09-01 }
when:
  all:
    - { fact: connector.name, operator: equal, value: partner-fabrikam }
    - { fact: server.version, operator: versionIn, value: "<15.1.2507.31" }
    - condition: known-exchange
stages:
  - { name: report, after: 0d }
  - { name: throttle-5, after: 30d, throttle: 5m/h }
  - { name: throttle-20, after: 60d, throttle: 20m/h, block: 5m/h }
  - { name: blocked, after: 90d, block: always }
`;

let folder: string;
let server: VsCodeServer;
let workbench: Workbench;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  const isPolicy = (path: string) => !path.includes('traffic');
  await cp(SAMPLE_POLICIES, folder, { recursive: true, filter: isPolicy });
  await writeFile(`${folder}/${EDITED}`, TEXT);
  await writeFile(`${folder}/known.conditions.yaml`, CONDITIONS);
  await mkdir(SCREENSHOTS, { recursive: true });
  server = await VsCodeServer.start({ installation: await installedVsCode(), vsix: await packedExtension(), folder });
  workbench = await Workbench.open(server.url);
}, 600_000);

afterEach(async ({ task }) => {
  await picture(task.result?.state === 'fail' ? 'failed' : 'last');
});

afterAll(async () => {
  await workbench?.close();
  await server?.stop();
});

it('a mistake is underlined, told in the Problems view, and mended by its quick fix', async () => {
  await workbench.openFile(EDITED);
  await workbench.squiggles('error').first().waitFor();
  const problems = await workbench.problems();
  await problems.filter({ hasText: 'Did you mean enforce?' }).first().waitFor();
  await problems.filter({ hasText: 'value-unknown' }).first().waitFor();
  await picture('problems');
  await workbench.openFile(EDITED);
  await workbench.caret('enforc', 3);
  await workbench.quickFix(/enforce/);
  await workbench.squiggles('error').first().waitFor({ state: 'detached' });
  await expect.poll(() => workbench.text(), { timeout: 10_000 }).toContain('mode: enforce\n');
});

it('a fact is completed, then an operator that fits it', async () => {
  await workbench.caret('- condition: known-exchange', 27);
  await workbench.press('End');
  await workbench.press('Enter');
  await workbench.type('- { fact: server.sup');
  expect(await workbench.completions()).toEqual(expect.arrayContaining(['server.supported', 'server.supportEnds']));
  await workbench.accept('server.supportEnds');
  await workbench.type(', operator: ');
  const operators = await workbench.completions();
  expect(operators).toEqual(expect.arrayContaining(['before', 'after']));
  expect(operators).not.toContain('versionIn');
  await picture('completion');
  await workbench.accept('before');
  await workbench.type(', value: 2026-01-01 }');
  await workbench.press('Escape');
  await expect
    .poll(() => workbench.text(), { timeout: 10_000 })
    .toContain('{ fact: server.supportEnds, operator: before, value: 2026-01-01 }');
  await workbench.squiggles('error').first().waitFor({ state: 'detached' });
});

it('hovering over a version tells its build', async () => {
  expect(await workbench.hover('15.1.2507.31')).toMatch(/Exchange Server 2016 CU23 Aug23SU/);
  await picture('hover');
});

it('goes to the definition of a shared condition', async () => {
  await workbench.caret('known-exchange', 5);
  await workbench.press('F12');
  await workbench.page.locator('.tab.active[data-resource-name="known.conditions.yaml"]').waitFor();
});

it('renames a connector in all files', async () => {
  await workbench.openFile(EDITED);
  await workbench.caret('partner-fabrikam', 4);
  await workbench.rename('partner-contoso');
  await expect.poll(() => workbench.text(), { timeout: 10_000 }).toContain('value: partner-contoso');
  await workbench.command('File: Save All Files');
  const onDisk = async (path: string) => readFile(`${folder}/${path}`, 'utf8');
  await expect.poll(() => onDisk('exchange.connectors.yaml'), { timeout: 10_000 }).toContain('name: partner-contoso');
  await expect.poll(() => onDisk(EDITED), { timeout: 10_000 }).toContain('value: partner-contoso');
  expect(await onDisk('exchange.connectors.yaml')).not.toContain('partner-fabrikam');
});

it('the timeline has the stages of the policy, and follows an edit', async () => {
  await workbench.command('View: Hide Panel');
  await workbench.openFile(EDITED);
  await workbench.command('Sluice: Show Policy Timeline');
  const page = workbench.webview();
  const policy = page.locator('section.policy').filter({ hasText: 'partners' });
  await policy.waitFor();
  await expect
    .poll(() => policy.locator('tbody tr').allInnerTexts())
    .toEqual([
      expect.stringMatching(/^report\s+days 0–30\s+not before 2026-09-01\s+–\s+–/),
      expect.stringMatching(
        /^throttle-5\s+days 30–60\s+not before 2026-10-01\s+5 min\/h\s+–\s+450 4\.7\.230 .*throttled for 5 mins\/hr/,
      ),
      expect.stringMatching(/^throttle-20\s+days 60–90\s+not before 2026-10-31\s+20 min\/h\s+5 min\/h/),
      expect.stringMatching(/^blocked\s+from day 90 on\s+not before 2026-11-30\s+–\s+always\s+550 5\.7\.230/),
    ]);
  await policy.getByRole('heading').evaluate((heading) => heading.scrollIntoView());
  await picture('timeline');
  await workbench.caret('after: 30d', 8);
  await workbench.press('Delete');
  await workbench.type('5');
  await policy.locator('tbody tr').filter({ hasText: 'days 35–60' }).waitFor();
  await workbench.command('File: Save All Files');
});

it('a decision is explained with the lines that made it', async () => {
  await workbench.command('View: Close All Editors');
  await workbench.openFile(EDITED);
  await workbench.command('Sluice: Explain a Decision');
  const page = workbench.webview();
  await page.getByLabel('connector.name', { exact: true }).fill('partner-contoso');
  await page.getByLabel('server.version', { exact: true }).fill('15.1.2507.27');
  await page.getByLabel('first detected').fill('95d');
  await page.getByLabel('decided at').fill('2027-01-01T10:00:00Z');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('heading', { name: 'block' }).waitFor();
  await page.locator('details.rule.decides').filter({ hasText: 'policy partners: decides' }).waitFor();
  expect(await page.locator('details.rule.decides .trace li').allInnerTexts()).toContainEqual(
    expect.stringMatching(/✓\s+server\.version versionIn.*is 15\.1\.2507\.27.*partners\.policy\.yaml:9/s),
  );
  await picture('explain');
  await page.locator('details.rule.decides .trace a').last().click();
  await workbench.page.locator(`.tab.active[data-resource-name="${EDITED}"]`).waitFor();
});

/** Writes a picture; those that the README shows are kept where that is asked for. */
async function picture(name: string): Promise<void> {
  const path = `${SCREENSHOTS}/${name}.png`;
  await workbench.page.screenshot({ path });
  const kept = `${REPOSITORY}/extension/images/${name}.png`;
  if (KEEPS_PICTURES && PICTURES.has(name)) await copyFile(path, kept);
}

const PICTURES = new Set(['problems', 'completion', 'hover', 'timeline', 'explain']);

const CONDITIONS = `conditions:
  - name: known-exchange
    description: The server is an Exchange server of which we know the build.
    when:
      all:
        - { fact: server.product, operator: matches, value: "^Exchange Server" }
`;
