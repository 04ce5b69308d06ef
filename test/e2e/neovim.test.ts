import { cp, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LANGUAGE_SERVER, SAMPLE_POLICIES } from '../harness/repository.js';
import { runProgram } from '../harness/run-program.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

const SCRIPT = fileURLToPath(new URL('./neovim/language-client.lua', import.meta.url));

const POLICY = `name: from-neovim
mode: enforc
priority: 7
when:
  all:
    - { fact: connector.name, operator: equal, value: on-premises }
    - { fact: server.version, operator: versionIn, value: "15.1.2507.27" }
stages:
  - { name: report, after: 0d }
`;

interface Step {
  readonly step: string;
  readonly value: unknown;
}

it('Neovim gets diagnostics, a quick fix, hover, completion, definition, rename and formatting', async () => {
  const folder = await temporaryFolder();
  const isPolicy = (path: string) => !path.includes('traffic');
  await cp(SAMPLE_POLICIES, folder, { recursive: true, filter: isPolicy });
  await writeFile(`${folder}/neovim.policy.yaml`, POLICY);
  const arguments_ = ['--headless', '--clean', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${SCRIPT}`];
  const { exitCode, stdout, stderr } = await runProgram('nvim', arguments_, {
    cwd: folder,
    env: { LANGUAGE_SERVER, POLICY_FOLDER: folder, POLICY_FILE: 'neovim.policy.yaml' },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const steps = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Step => JSON.parse(line));
  const told = (step: string) => steps.find((each) => each.step === step)?.value;
  expect(told('diagnostics')).toEqual(['value-unknown']);
  expect(told('codeAction')).toMatch(/enforce/);
  expect(told('fixed')).toEqual([]);
  expect(told('hover')).toMatch(/Exchange Server 2016 CU23 Jun23SU/s);
  expect(told('completion')).toEqual(expect.arrayContaining(['equal', 'notEqual', 'in', 'matches']));
  expect(told('completion')).not.toContain('versionIn');
  expect(told('definition')).toBe('exchange.connectors.yaml:6');
  expect(told('rename')).toEqual([
    'exchange.connectors.yaml',
    'exchange.exemptions.yaml',
    'exchange.invariants.yaml',
    'neovim.policy.yaml',
  ]);
  expect(told('formatting')).toBe('owner: someone@example.org # asked first');
  expect(told('stopped')).toBe(true);
});
