/// <reference lib="dom" />

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { writeFleetLog } from '../../harness/fleet-log.js';
import { SAMPLE_POLICIES } from '../../harness/repository.js';
import { runProgram } from '../../harness/run-program.js';
import { makeTemporaryFolder } from '../../harness/temporary-folder.js';
import { installedVsCode, packedExtension } from './installed-vscode.js';
import { VsCodeServer } from './vscode-server.js';
import { Workbench } from './workbench.js';

const SCREENSHOTS = fileURLToPath(new URL('./screenshots', import.meta.url));
const EDITED = 'exchange-2016.policy.yaml';
const TRAFFIC = { records: 20_000, servers: 100, days: 60 };

let server: VsCodeServer;
let workbench: Workbench;

beforeAll(async () => {
  const folder = await makeTemporaryFolder();
  await cp(SAMPLE_POLICIES, folder, { recursive: true, filter: (path) => !path.includes('/traffic') });
  await mkdir(`${folder}/.vscode`);
  const settings = { 'sluice.traffic.logs': ['traffic.log'], 'files.autoSave': 'off' };
  await writeFile(`${folder}/.vscode/settings.json`, JSON.stringify(settings));
  await writeFleetLog(`${folder}/traffic.log`, TRAFFIC);
  const identity = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...identity, 'commit', '--quiet', '--message=Policies'],
  ]) {
    expect(await runProgram('git', args, { cwd: folder })).toMatchObject({ exitCode: 0 });
  }
  server = await VsCodeServer.start({ installation: await installedVsCode(), vsix: await packedExtension(), folder });
  workbench = await Workbench.open(server.url);
  await workbench.openFile(EDITED);
  // Before the extension has started, there is no test explorer.
  await workbench.page.locator('.codelens-decoration a').first().waitFor();
}, 600_000);

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await workbench.page.screenshot({ path: `${SCREENSHOTS}/dry-run-failed.png` });
});

afterAll(async () => {
  await workbench?.close();
  await server?.stop();
});

/** A dark page in a light editor would show: the theme of the system is told to be dark. */
function backgroundOf(element: Locator): Promise<string> {
  return element.evaluate((each) => getComputedStyle(each).backgroundColor);
}

const POLLING = { timeout: 30_000 };

async function failedTests(): Promise<number> {
  const { passed, all } = await workbench.testSummary();
  return all - passed;
}

it('the test explorer runs the tests of the policies, on the text in the editor', async () => {
  await workbench.command('Testing: Focus on Test Explorer View');
  await workbench.tests('exchange.test.yaml').waitFor();
  await workbench.runTests();
  await expect.poll(failedTests, POLLING).toBe(0);
  await workbench.openFile(EDITED);
  await workbench.replace('mode: enforce', 'enforce', 'report');
  await workbench.runTests();
  await expect.poll(failedTests, POLLING).toBeGreaterThan(0);
  await workbench.openFile(EDITED);
  await workbench.replace('mode: report', 'report', 'enforce');
  await workbench.runTests();
  await expect.poll(failedTests, POLLING).toBe(0);
}, 120_000);

it('tests run again with every change where that is wanted', async () => {
  await workbench.command('Testing: Focus on Test Explorer View');
  await workbench.command('Test: Start Continuous Run');
  await workbench.openFile(EDITED);
  await workbench.replace('mode: enforce', 'enforce', 'off');
  await expect.poll(failedTests, POLLING).toBeGreaterThan(0);
  await workbench.replace('mode: off', 'off', 'enforce');
  await expect.poll(failedTests, POLLING).toBe(0);
  await workbench.command('Test: Stop Continuous Run');
}, 120_000);

it('a dry run shows what the policies would have done to a log, and lenses tell it above each policy', async () => {
  await workbench.openFile(EDITED);
  await workbench.command('Sluice: Dry Run on Logs…');
  await workbench.page.emulateMedia({ colorScheme: 'dark' });
  const page = workbench.webview();
  await page.getByRole('heading', { name: 'What the policies would have done' }).waitFor();
  expect(await page.locator('.lead').textContent()).toMatch(/^Of 20,000 records, /);
  expect(await page.locator('svg rect').count()).toBeGreaterThan(20);
  const lens = workbench.page.locator('.codelens-decoration a').filter({ hasText: 'traffic.log' });
  await lens.filter({ hasText: /traffic\.log: [\d,]+ records, \d+ servers, [\d,]+ × 450/ }).waitFor();
  expect(await backgroundOf(page.locator('body'))).toBe(await backgroundOf(workbench.editorBackground()));
  await workbench.replace('mode: enforce', 'enforce', 'report');
  await lens.filter({ hasText: 'before the last change' }).click();
  await lens.filter({ hasText: /traffic\.log: [\d,]+ records, \d+ servers, would refuse [\d,]+/ }).waitFor();
}, 120_000);

it('the impact of a change that is not saved is shown beside HEAD', async () => {
  await workbench.openFile(EDITED);
  await workbench.command('Sluice: Impact on Logs since HEAD…');
  const page = workbench.webview();
  await page.getByRole('heading', { name: 'What the change would have done' }).waitFor();
  const [, changed] =
    /([\d,]+) would have been decided otherwise/.exec((await page.locator('.lead').textContent()) ?? '') ?? [];
  expect(Number(changed?.replaceAll(',', ''))).toBeGreaterThan(5);
  await page.getByText('exchange-2016 (exchange-2016.policy.yaml').first().waitFor();
}, 120_000);
