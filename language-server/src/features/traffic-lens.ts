import { basename } from 'node:path';
import type { Command } from 'vscode-languageserver';
import { counted } from '../explain/words.js';
import type { RuleTraffic } from '../protocol.js';
import type { Occurrence } from '../symbols/occurrence.js';
import type { KnownTraffic } from '../traffic/traffic-of-folders.js';

/**
 * Tells what the last dry run has shown of a policy or an exemption; clicked, it runs again.
 *
 * @param uri of the file in which the lens stands
 */
export function trafficCommand(
  { params, rules, isStale }: KnownTraffic,
  { kind, name }: Occurrence,
  uri: string,
  hasCommands: boolean,
): Command {
  const rule = rules.find((each) => each.kind === kind && each.name === name);
  const stale = isStale ? ', before the last change' : '';
  const title = `${logsWords(params.logs)}${stale}: ${rule === undefined ? 'no traffic' : trafficWords(rule)}`;
  if (!hasCommands) return { title, command: '' };
  const { uri: _uri, workDoneToken: _token, ...again } = params;
  return { title, command: 'sluice.dryRun', arguments: [uri, again] };
}

/** `1,234 records, 12 servers, 56 × 450, 7 × 550`. */
function trafficWords({ records, servers, throttled, blocked, wouldRefuse }: RuleTraffic): string {
  const parts = [counted(records, 'record'), counted(servers, 'server')];
  if (throttled > 0) parts.push(`${throttled.toLocaleString('en')} × 450`);
  if (blocked > 0) parts.push(`${blocked.toLocaleString('en')} × 550`);
  if (wouldRefuse > 0) parts.push(`would refuse ${wouldRefuse.toLocaleString('en')}`);
  return parts.join(', ');
}

function logsWords(logs: readonly string[]): string {
  const [first = ''] = logs;
  return logs.length === 1 ? basename(first) : counted(logs.length, 'log');
}
