import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorOf } from '../decision/connector.js';
import { decide } from '../decision/decide.js';
import { windowOffsetSeconds } from '../decision/enforcement-window.js';
import { observe } from '../decision/observe.js';
import type { Connection } from '../gateway/enforcer.js';
import type { Judgement } from '../judgement/judge.js';
import { formatDuration } from '../policy/duration.js';
import type { Facts } from '../policy/fact.js';
import { type EpochMillis, epochMillis, formatInstant } from '../policy/instant.js';
import { parseIpAddress } from '../policy/network.js';
import type { Clock } from '../service/clock.js';
import { type Configuration, DEFAULT_CONFIGURATION } from '../service/configuration.js';
import type { RunningService } from '../service/service.js';
import { detectServer } from '../traffic/detect-server.js';
import { readHeaderFields } from '../traffic/header-fields.js';
import { SLUICE_VERSION } from './sluice-version.js';

/** Policy set of the demo, relative to where it is started: the repository. */
export const DEMO_POLICIES = 'policies';
const SAMPLE = 'traffic/exchange-2016-outdated.eml';
const DAY_MILLIS = 86_400_000;
const HOUR_MILLIS = 3_600_000;

/** Everything on loopback, with the embedded store in `.sluice`. */
export const DEMO_CONFIGURATION: Configuration = {
  ...DEFAULT_CONFIGURATION,
  gatewayName: 'gateway.example',
  listen: {
    smtp: { kind: 'tcp', host: '127.0.0.1', port: 2525 },
    postfixPolicy: { kind: 'tcp', host: '127.0.0.1', port: 8892 },
    milter: { kind: 'tcp', host: '127.0.0.1', port: 8891 },
    http: { kind: 'tcp', host: '127.0.0.1', port: 8893 },
  },
};

/** What the demo prints at its start. */
export async function demoBanner(
  service: RunningService,
  policies: string,
  configuration: Configuration,
  clock: Clock,
  isClockMoved: boolean,
): Promise<string> {
  const { policySet } = service.policies.current;
  const gateways = [...service.gateways].map(([name, { address }]) => `  ${name.padEnd(14)} ${address}\n`);
  const sample = join(policies, SAMPLE);
  const store = configuration.store.kind === 'lmdb' ? configuration.store.path : 'memory';
  return `
Sluice ${SLUICE_VERSION}: ${policySet.policies.length} policies of ${policies}, revision ${policySet.revision}; servers are remembered in ${store}.
The clock says ${formatInstant(clock())}${isClockMoved ? ' (moved)' : ''}. It listens on:

${gateways.join('')}
Try in a second terminal, here in the repository:

${isClockMoved ? laterSteps(sample, clock()) : await firstSteps(service, sample, clock())}
`;
}

async function firstSteps(service: RunningService, sample: string, now: EpochMillis): Promise<string> {
  const throttledAt = await throttledInstant(service, sample, epochMillis(now + 35 * DAY_MILLIS));
  return `  1. An outdated Exchange server sends for the first time: reported, but accepted (250).
       npx sluice send ${sample}
  2. It sends again 35 days later: stop this with Ctrl-C, start it with its clock moved, and send again (450 4.7.230).
       npm start -- --clock ${throttledAt === undefined ? '+35d' : formatInstant(throttledAt)}
  3. What is remembered.
       npx sluice servers
`;
}

function laterSteps(sample: string, now: EpochMillis): string {
  return `  1. The outdated Exchange server sends again (450 4.7.230 in its window, else 250).
       npx sluice send ${sample}
  2. It was patched (250).
       npx sluice send ${sample.replace('outdated', 'patched')}
  3. What is remembered.
       npx sluice servers --at ${formatInstant(now)}
`;
}

/** One judgement as a line for people. */
export function demoLine({ facts }: Connection, { decision, record }: Judgement, now: EpochMillis): string {
  const { action, policy, stage, elapsed, reply, exemption } = decision;
  const who = record?.name ?? facts['client.address']?.text ?? 'a client';
  const version = record?.versions[0]?.version ?? 'version unknown';
  const why =
    exemption !== undefined
      ? `exemption ${exemption}`
      : policy === undefined
        ? 'no policy matches'
        : `policy ${policy}, stage ${stage}, ${formatDuration(elapsed ?? (0 as never))} since the first detection`;
  const said = reply === undefined ? '' : `\n    ${reply.code} ${reply.status} ${reply.text}`;
  return `${formatInstant(now)} ${who} (${version}): ${action}; ${why}${said}\n`;
}

/** An instant on the given day at which the sample would be throttled, a little after its window opens. */
async function throttledInstant(
  { policies: { current } }: RunningService,
  sample: string,
  day: EpochMillis,
): Promise<EpochMillis | undefined> {
  const detection = detectServer(readHeaderFields(await readFile(sample)));
  const address = parseIpAddress('127.0.0.1');
  if (!detection.found || detection.stamped === undefined || address === undefined) return undefined;
  const told: Facts = { 'client.address': address, 'server.version': detection.stamped.version };
  const connector = connectorOf(current.policySet.connectors, told).name;
  const observation = { connector, name: detection.server, facts: told };
  const record = observe(current, undefined, observation, epochMillis(day - 35 * DAY_MILLIS));
  const hour = Math.floor(day / HOUR_MILLIS) * HOUR_MILLIS;
  const at = epochMillis(hour + HOUR_MILLIS + windowOffsetSeconds(record.id) * 1000 + 10_000);
  return decide(current, told, record, at).action === 'throttle' ? at : undefined;
}
