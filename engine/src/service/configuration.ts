import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { ListenAddress } from '../gateway/listener.js';
import { DEFAULT_PEER_WINDOW } from '../judgement/judge.js';
import { checkAgainst } from '../policy/check-shape.js';
import {
  type DocumentNode,
  entryOf,
  numberOf,
  partOfText,
  plainValue,
  textEntry,
  textOf,
} from '../policy/document-node.js';
import { type DurationMillis, parseDuration } from '../policy/duration.js';
import { type Finding, finding } from '../policy/finding.js';
import { readDocument } from '../policy/read-document.js';
import { durationEntry } from '../policy/read-scalar.js';
import { Report } from '../policy/report.js';
import { CONFIGURATION_SCHEMA, LISTENERS, type ListenerName } from './configuration-schema.js';

/** How the service runs; each value has a default. */
export interface Configuration {
  readonly gatewayName: string;
  /** Folder of the policy set; the command line's `--policies` goes before it. */
  readonly policies?: string;
  readonly store: { readonly kind: 'lmdb'; readonly path: string } | { readonly kind: 'memory' };
  readonly listen: Readonly<Partial<Record<ListenerName, ListenAddress>>>;
  /** Bearer token of the HTTP interface. */
  readonly httpToken?: string;
  /** Answer where the service cannot decide. */
  readonly onFault: 'accept' | 'defer';
  /** Longest time for one decision. */
  readonly decisionTimeout: DurationMillis;
  /**
   * A server seen from a peer within this time is judged before its headers come, unless another server was seen from there
   * within the version window that would pass.
   */
  readonly peerWindow: DurationMillis;
  readonly versionWindow: DurationMillis;
  readonly limits: {
    readonly connections: number;
    readonly requestOctets: number;
    readonly idleTimeout: DurationMillis;
  };
  /** Time for connections to finish when the service stops. */
  readonly shutdownGrace: DurationMillis;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The configuration where the file says nothing. */
export const DEFAULT_CONFIGURATION: Configuration = {
  gatewayName: 'this gateway',
  store: { kind: 'lmdb', path: '.sluice' },
  listen: {},
  onFault: 'accept',
  decisionTimeout: duration('2s'),
  peerWindow: DEFAULT_PEER_WINDOW,
  versionWindow: duration('7d'),
  limits: { connections: 1000, requestOctets: 1024 * 1024, idleTimeout: duration('10m') },
  shutdownGrace: duration('10s'),
  logLevel: 'info',
};

export interface ConfigurationResult {
  /** Absent where a finding is an error. */
  readonly configuration?: Configuration;
  readonly findings: readonly Finding[];
}

/**
 * Reads the service's configuration file (YAML or JSON). Paths of the policies and the store in it are relative to its folder.
 *
 * @param environment where `http.tokenVariable` finds the token
 */
export function readConfiguration(
  file: string,
  octets: Uint8Array,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigurationResult {
  const { root, findings } = readDocument(file, octets);
  if (root === undefined) return { findings };
  const report = new Report();
  report.findings.push(...findings, ...checkAgainst(CONFIGURATION_SCHEMA, root));
  const configuration = readRoot(root, dirname(file), report, environment);
  return report.findings.length > 0 ? { findings: report.findings } : { configuration, findings: [] };
}

function readRoot(
  root: DocumentNode,
  folder: string,
  report: Report,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const plain = plainValue(root) as Partial<Configuration>;
  const defaults = DEFAULT_CONFIGURATION;
  const store = entryOf(root, 'store');
  const limits = entryOf(root, 'limits');
  const policies = textEntry(root, 'policies');
  const httpToken = readToken(entryOf(root, 'http'), report, environment);
  return {
    gatewayName: textEntry(root, 'gatewayName') ?? defaults.gatewayName,
    store:
      textEntry(store, 'kind') === 'memory'
        ? { kind: 'memory' }
        : { kind: 'lmdb', path: resolve(folder, textEntry(store, 'path') ?? '.sluice') },
    listen: readListeners(entryOf(root, 'listen'), report),
    onFault: plain.onFault ?? defaults.onFault,
    decisionTimeout: durationEntry(root, 'decisionTimeout', report) ?? defaults.decisionTimeout,
    peerWindow: durationEntry(root, 'peerWindow', report) ?? defaults.peerWindow,
    versionWindow: durationEntry(root, 'versionWindow', report) ?? defaults.versionWindow,
    limits: {
      connections: numberOf(entryOf(limits, 'connections')) ?? defaults.limits.connections,
      requestOctets: numberOf(entryOf(limits, 'requestOctets')) ?? defaults.limits.requestOctets,
      idleTimeout: durationEntry(limits, 'idleTimeout', report) ?? defaults.limits.idleTimeout,
    },
    shutdownGrace: durationEntry(root, 'shutdownGrace', report) ?? defaults.shutdownGrace,
    logLevel: plain.logLevel ?? defaults.logLevel,
    ...(policies === undefined ? {} : { policies: resolve(folder, policies) }),
    ...(httpToken === undefined ? {} : { httpToken }),
  };
}

function readListeners(node: DocumentNode | undefined, report: Report): Configuration['listen'] {
  const listen: Partial<Record<ListenerName, ListenAddress>> = {};
  for (const name of LISTENERS) {
    const entry = entryOf(node, name);
    const text = textOf(entry);
    if (entry === undefined || text === undefined) continue;
    const address = parseListenAddress(text);
    if (address === undefined) {
      const message = `"${text}" is no address to listen on; HOST:PORT or unix:PATH was expected.`;
      report.add('value-unknown', partOfText(entry, 0, text.length), message, ADDRESS_HINT);
    } else listen[name] = address;
  }
  return listen;
}

const ADDRESS_HINT = 'For example 127.0.0.1:8891, [::1]:8891 or unix:/run/sluice/milter.sock?mode=660.';

/** Reads `127.0.0.1:8891`, `[::1]:8891`, `unix:/run/sluice/milter.sock` or `unix:PATH?mode=666`; undefined where it is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const unix = /^unix:([^?\0]+)(?:\?mode=([0-7]{3}))?$/.exec(text);
  if (unix !== null) return { kind: 'unix', path: unix[1] ?? '', mode: Number.parseInt(unix[2] ?? '660', 8) };
  const tcp = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host === undefined || port > 65_535 || (tcp?.[1] !== undefined && isIP(host) !== 6)) return undefined;
  return { kind: 'tcp', host, port };
}

function readToken(
  node: DocumentNode | undefined,
  report: Report,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const variableNode = entryOf(node, 'tokenVariable');
  const variable = textOf(variableNode);
  if (variableNode === undefined || variable === undefined) return undefined;
  const token = environment[variable];
  if (token !== undefined && token.length >= 16) return token;
  const message =
    token === undefined
      ? `The environment has no variable ${variable}.`
      : `The token in the environment variable ${variable} has fewer than 16 characters.`;
  report.findings.push(finding('value-unknown', variableNode, message, 'Make one with: openssl rand -hex 32'));
  return undefined;
}

function duration(text: string): DurationMillis {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new Error(`${text} is no duration`);
  return parsed;
}
