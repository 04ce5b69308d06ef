import { type Facts, factNamed } from '../policy/fact.js';
import { parseFactValue } from '../policy/fact-value.js';
import { type EpochMillis, epochMillis } from '../policy/instant.js';
import { instantOf, type PolicyTexts, policySetOf } from '../policy/policy-text.fixture.js';
import { compilePolicySet } from './compile-policy-set.js';
import type { CompiledPolicySet, DecisionSettings } from './compiled-policy-set.js';
import { type ServerRecord, serverId } from './server-record.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the servers of the tests were first detected. */
export const DAY_0 = instantOf('2026-03-01T09:30:00Z');

/** An instant after {@link DAY_0}. */
export function daysLater(days: number, millis = 0): EpochMillis {
  return epochMillis(DAY_0 + days * DAY + millis);
}

/** A policy against Exchange 2007 with all sorts of stages; further keys replace or extend it. */
export function outdatedPolicy(keys: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: 'outdated',
    mode: 'enforce',
    priority: 100,
    when: { all: [{ fact: 'server.version', operator: 'versionIn', value: '8.x' }] },
    stages: [
      { name: 'report', after: '0d' },
      { name: 'slow', after: '30d', throttle: '10m/h' },
      { name: 'mixed', after: '60d', throttle: '20m/h', block: '10m/h' },
      { name: 'blocked', after: '90d', block: 'always' },
    ],
    ...keys,
  });
}

/** Compiles policy files from texts. */
export function compiledOf(texts: PolicyTexts, settings: Partial<DecisionSettings> = {}): CompiledPolicySet {
  return compilePolicySet(policySetOf(texts), settings);
}

/** Facts from texts. */
export function factsFrom(texts: Readonly<Record<string, string>>): Facts {
  const entries = Object.entries(texts).map(([name, text]) => {
    const definition = factNamed(name);
    const value = definition === undefined ? undefined : parseFactValue(definition, text);
    if (value === undefined) throw new Error(`${name} cannot be ${text}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Facts;
}

/** A record of a server that was first detected on {@link DAY_0}. */
export function detectedRecord(keys: Partial<ServerRecord> = {}): ServerRecord {
  return {
    id: serverId('internet', 'mx.example'),
    connector: 'internet',
    name: 'mx.example',
    firstSeen: DAY_0,
    lastSeen: DAY_0,
    firstDetected: DAY_0,
    versions: [],
    pauses: [],
    refusals: [],
    ...keys,
  };
}
