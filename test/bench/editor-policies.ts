import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { lanedPopulation } from './laned-population.js';
import { policyFilesOf } from './policy-files.js';

/** The file in which keys are struck. */
export const EDITED_FILE = 'edited.policy.yaml';

/** What is typed there; the parts in capitals are changed. */
export const EDITED_TEXT = `name: edited
description: The policy that an author is writing.
mode: enforce
priority: 1
when:
  all:
    - { fact: connector.name, operator: equal, value: connector-0 }
    - { fact: server.version, operator: versionIn, value: "<15.1" }
    - { fact: server.version, operator: versionIn, value: ">=15.0" }
stages:
  - { name: report, after: 0d }
  - { name: throttle-5, after: 30d, throttle: 5m/h }
  - { name: blocked, after: 90d, block: always }
`;

/** Writes a policy set of so many policies as YAML, the edited one among them. */
export async function writeEditorPolicies(folder: string, size: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { rules, connectors } = lanedPopulation(Math.max(1, size - 1), 'derived');
  for (const { path, content } of policyFilesOf({ rules: size === 1 ? [] : rules, connectors })) {
    if (!(content instanceof Uint8Array)) continue;
    const isYaml = path.endsWith('.yaml');
    const text = new TextDecoder().decode(content);
    await writeFile(join(folder, path.replace(/json$/, 'yaml')), isYaml ? text : stringify(JSON.parse(text)));
  }
  await writeFile(join(folder, EDITED_FILE), EDITED_TEXT);
}
