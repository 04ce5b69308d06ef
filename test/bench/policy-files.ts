import { readFileSync } from 'node:fs';
import { formatVersion, type PolicyFile } from '@sluice/engine';
import { SAMPLE_POLICIES } from './places.js';
import type { Population, Rule } from './population.js';

/** The eight stages of Microsoft's programme, as in the sample policies. */
export const STAGES = [
  { name: 'report', afterDays: 0, throttle: 0, block: 0 },
  { name: 'throttle-5', afterDays: 30, throttle: 5, block: 0 },
  { name: 'throttle-10', afterDays: 40, throttle: 10, block: 0 },
  { name: 'throttle-20', afterDays: 50, throttle: 20, block: 0 },
  { name: 'block-5', afterDays: 60, throttle: 30, block: 5 },
  { name: 'block-10', afterDays: 70, throttle: 30, block: 10 },
  { name: 'block-20', afterDays: 80, throttle: 30, block: 20 },
  { name: 'blocked', afterDays: 90, throttle: 0, block: 60 },
] as const;

/** The files of a population as an author would write them; the build catalogue is the sample's. */
export function policyFilesOf({ rules, connectors }: Pick<Population, 'rules' | 'connectors'>): PolicyFile[] {
  const encoder = new TextEncoder();
  const policies = rules.map((rule) => ({
    path: `${rule.name}.policy.json`,
    content: encoder.encode(JSON.stringify(policyOf(rule))),
  }));
  const written = connectors.map(({ name, network }) => ({
    name,
    type: 'Partner',
    match: { networks: [network] },
    identity: 'helo',
  }));
  const others = [
    { path: 'bench.connectors.json', content: encoder.encode(JSON.stringify({ connectors: written })) },
    { path: 'exchange.builds.yaml', content: readFileSync(`${SAMPLE_POLICIES}/exchange.builds.yaml`) },
  ];
  return [...policies, ...others];
}

/** The text of a rule's version range: `>=15.1.2507.0 <15.1.2507.39`. */
export function rangeText({ from, to }: Rule['versions']): string {
  return `>=${formatVersion(from)} <${formatVersion(to)}`;
}

function policyOf(rule: Rule): object {
  const { name, priority, connector, network, versions } = rule;
  const whom =
    network === undefined
      ? { fact: 'connector.name', operator: 'equal', value: connector }
      : { fact: 'client.address', operator: 'inNetwork', value: network.text };
  return {
    name,
    mode: 'enforce',
    priority,
    when: { all: [whom, { fact: 'server.version', operator: 'versionIn', value: rangeText(versions) }] },
    stages: STAGES.map(({ name: stage, afterDays, throttle, block }) => ({
      name: stage,
      after: `${afterDays}d`,
      ...(throttle === 0 ? {} : { throttle: `${throttle}m/h` }),
      ...(block === 0 ? {} : { block: block === 60 ? 'always' : `${block}m/h` }),
    })),
  };
}
