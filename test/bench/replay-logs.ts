import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { formatDecisionLogEntry } from '@sluice/engine/traffic/logs/decision-log-entry.js';
import { fleetEntries } from '../harness/fleet-log.js';

const SERVERS = 5000;
const DAYS = 120;
/** Rough length of what one record takes, by which so many are written as fill a size. */
const DECISION_OCTETS = 480;
const POSTFIX_OCTETS = 520;
const BATCH = 10_000;

/** A decision log of about so many octets. */
export function writeDecisionLog(path: string, octets: number): Promise<void> {
  return writeLines(path, octets / DECISION_OCTETS, formatDecisionLogEntry);
}

/** A syslog of Postfix of about so many octets: five lines a message, some of them of no use for deciding. */
export function writePostfixLog(path: string, octets: number): Promise<void> {
  let process = 1000;
  return writeLines(path, octets / POSTFIX_OCTETS, ({ at, facts, queueId = '4F00000001' }) => {
    process = process >= 60_000 ? 1000 : process + 1;
    const head = `${new Date(at).toISOString().replace('Z', '+00:00')} mx1 postfix`;
    const client = `${facts.helo}[${facts['client.address']?.text}]`;
    const [queue, smtpd] = [`${queueId}${process}`, `${head}/smtpd[${process}]:`];
    return `${smtpd} connect from ${client}
${smtpd} ${queue}: client=${client}
${head}/cleanup[999]: ${queue}: message-id=<${queue}@${facts['sender.domain']}>
${head}/qmgr[998]: ${queue}: from=<a@${facts['sender.domain']}>, size=${facts['message.size']}, nrcpt=1 (queue active)
${smtpd} disconnect from ${client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5
`;
  });
}

type Entry = Parameters<typeof formatDecisionLogEntry>[0];

async function writeLines(path: string, records: number, format: (entry: Entry) => string): Promise<void> {
  const stream = createWriteStream(path);
  let batch: string[] = [];
  for (const entry of fleetEntries({ records: Math.floor(records), servers: SERVERS, days: DAYS })) {
    batch.push(format(entry));
    if (batch.length < BATCH) continue;
    if (!stream.write(batch.join(''))) await once(stream, 'drain');
    batch = [];
  }
  stream.end(batch.join(''));
  await once(stream, 'close');
}
