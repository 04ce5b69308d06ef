import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPolicySet, epochMillis, readPolicyFolder } from '@sluice/engine';

/** The names of two revisions of a policy set; each is a word in all its replies. */
export const MARKERS = ['alpha', 'bravo'] as const;
export type Marker = (typeof MARKERS)[number];

/** Policies of a set; the n-th judges the client 127.0.0.n. */
export const POLICY_COUNT = 40;

/** The files of a revision by name. A mixture of both revisions is never valid: their policies name different conditions. */
export function filesOf(marker: Marker): ReadonlyMap<string, string> {
  const files = new Map([
    ['all.connectors.yaml', CONNECTORS],
    ['all.conditions.yaml', conditions(marker)],
  ]);
  for (let number = 1; number <= POLICY_COUNT; number++) files.set(policyFile(number), policy(number, marker));
  return files;
}

export function policyFile(number: number): string {
  return `policy-${number}.policy.yaml`;
}

/** Writes a revision into a folder, file by file, in place. */
export async function writeRevision(folder: string, marker: Marker): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of filesOf(marker)) await writeFile(join(folder, name), text);
}

/** What Sluice calls the policy set of a folder. */
export async function revisionOf(folder: string): Promise<string> {
  const { policySet, findings } = checkPolicySet(await readPolicyFolder(folder), epochMillis(Date.now()));
  if (policySet === undefined) throw new Error(JSON.stringify(findings));
  return policySet.revision;
}

const CONNECTORS = `connectors:
  - { name: ours, type: OnPremises, match: { networks: [127.0.0.0/8] }, identity: address }
`;

function conditions(marker: Marker): string {
  return `conditions:
  - name: ours-of-${marker}
    description: Our own servers.
    when: { all: [{ fact: connector.type, operator: equal, value: OnPremises }] }
`;
}

/** The one revision blocks, the other throttles. */
function policy(number: number, marker: Marker): string {
  const [stage, reply] =
    marker === 'alpha'
      ? ['block: always', `block: "550 5.7.230 ${marker} refuses by policy-${number}"`]
      : ['throttle: 60m/h', `throttle: "450 4.7.230 ${marker} refuses by policy-${number}"`];
  return `name: policy-${number}
description: Refuses everything.
owner: ${marker}@contoso.example
mode: enforce
priority: ${number}
when:
  all:
    - condition: ours-of-${marker}
    - { fact: client.address, operator: inNetwork, value: 127.0.0.${number}/32 }
stages:
  - { name: report, after: 0d, ${stage} }
replies:
  ${reply}
`;
}
