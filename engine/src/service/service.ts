import type { Enforcer } from '../gateway/enforcer.js';
import { startHttp } from '../gateway/http.js';
import type { Readiness } from '../gateway/http-app.js';
import type { GatewayCounts, ListenAddress, ListenerLimits, RunningGateway } from '../gateway/listener.js';
import { startMilter } from '../gateway/milter.js';
import { startPostfixPolicy } from '../gateway/postfix-policy.js';
import { startSmtpListener } from '../gateway/smtp-listener.js';
import type { Severity } from '../policy/finding.js';
import { openLmdbStore } from '../state/lmdb-store.js';
import { createMemoryStore } from '../state/memory-store.js';
import type { ServerStore } from '../state/server-store.js';
import type { Clock } from './clock.js';
import type { Configuration } from './configuration.js';
import { LISTENERS, type ListenerName } from './configuration-schema.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createPolicyEnforcer, type PolicyEnforcerOptions } from './policy-enforcer.js';
import { type LoadOutcome, PolicySource } from './policy-source.js';
import type { ServiceLog } from './service-log.js';
import { WorkerPolicyReader } from './worker-policy-reader.js';

export interface ServiceOptions {
  readonly configuration: Configuration;
  /** Folder of the policy set. */
  readonly policies: string;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly onJudgement?: PolicyEnforcerOptions['onJudgement'];
}

/** The service while it runs. */
export interface RunningService {
  /** The same object that the gateways ask. */
  readonly enforcer: Enforcer;
  readonly store: ServerStore;
  readonly policies: PolicySource;
  readonly gateways: ReadonlyMap<ListenerName, RunningGateway>;
  readonly metrics: Metrics;
  /** Stops taking requests, answers those that were asked, writes what is to be written. */
  close(): Promise<void>;
}

/**
 * Starts the service: loads the policies, opens the store, listens.
 *
 * @throws NoPoliciesError where the folder holds no valid policy set; Error where the store or a listener cannot be opened
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { configuration, clock, log } = options;
  const gateways = new Map<ListenerName, RunningGateway>();
  const metrics = createMetrics(() => countsOf(gateways));
  const policies = await PolicySource.open({
    folder: options.policies,
    settings: { gatewayName: configuration.gatewayName, versionWindow: configuration.versionWindow },
    clock,
    reader: new WorkerPolicyReader(),
    onOutcome: (outcome) => tellOutcome(outcome, metrics, log),
    onWatchError: (error) => log.error('policy-watch-error', { error }),
  });
  const opened: { close(): Promise<void> }[] = [policies];
  try {
    const store = await openStore(configuration);
    opened.push(store);
    const enforcer = createPolicyEnforcer({
      policies: () => policies.current,
      store,
      peerWindow: configuration.peerWindow,
      clock,
      onFault: configuration.onFault,
      decisionTimeoutMillis: configuration.decisionTimeout,
      metrics,
      log,
      ...(options.onJudgement === undefined ? {} : { onJudgement: options.onJudgement }),
    });
    const close = () => closeService(gateways, policies, store, configuration.shutdownGrace, log);
    const service: RunningService = { enforcer, store, policies, gateways, metrics, close };
    for (const name of LISTENERS) {
      const listen = configuration.listen[name];
      if (listen === undefined) continue;
      const gateway = await startGateway(name, listen, service, options);
      opened.unshift({ close: () => gateway.close(0) });
      gateways.set(name, gateway);
      log.info('listening', { gateway: name, address: gateway.address });
    }
    return service;
  } catch (error) {
    for (const each of opened) await each.close();
    throw error;
  }
}

function openStore({ store }: Configuration): Promise<ServerStore> {
  return store.kind === 'memory' ? Promise.resolve(createMemoryStore()) : openLmdbStore({ path: store.path });
}

function startGateway(
  name: ListenerName,
  listen: ListenAddress,
  service: RunningService,
  { configuration, log }: ServiceOptions,
): Promise<RunningGateway> {
  const limits = limitsOf(name, configuration);
  const common = { enforcer: service.enforcer, listen, limits, log };
  switch (name) {
    case 'postfixPolicy':
      return startPostfixPolicy(common);
    case 'milter':
      return startMilter(common);
    case 'smtp':
      return startSmtpListener({ ...common, hostName: 'localhost' });
    case 'http':
      return startHttp({
        ...common,
        readiness: () => readinessOf(service.policies),
        metrics: async () => ({
          contentType: service.metrics.contentType,
          body: await service.metrics.text(),
        }),
        ...(configuration.httpToken === undefined ? {} : { token: configuration.httpToken }),
      });
  }
}

/** Requests of the policy protocol are short; HTTP clients that send nothing are waited for only shortly. */
function limitsOf(name: ListenerName, { limits }: Configuration): ListenerLimits {
  return {
    maxConnections: limits.connections,
    idleTimeoutMillis: name === 'http' ? Math.min(limits.idleTimeout, MAX_HTTP_IDLE_MILLIS) : limits.idleTimeout,
    maxRequestOctets: name === 'postfixPolicy' ? MAX_POLICY_REQUEST_OCTETS : limits.requestOctets,
  };
}

const MAX_HTTP_IDLE_MILLIS = 30_000;
const MAX_POLICY_REQUEST_OCTETS = 16 * 1024;

/** Ready: a valid policy set runs. Files on disk that were refused are shown, but the last good revision still answers. */
function readinessOf({ current, lastOutcome }: PolicySource): Readiness {
  const running = { ready: true, revision: current.policySet.revision };
  if (lastOutcome.kind === 'loaded') return { ...running, policies: 'as on disk' };
  const errors =
    lastOutcome.kind === 'refused'
      ? lastOutcome.findings.filter((each) => each.severity === 'error')
      : [{ message: lastOutcome.message }];
  return { ...running, policies: 'the files on disk are refused; the last good revision runs', errors };
}

const LOG_LEVELS = { error: 'error', warning: 'warn', info: 'info' } as const satisfies Record<
  Severity,
  keyof ServiceLog
>;

function tellOutcome(outcome: LoadOutcome, metrics: Metrics, log: ServiceLog): void {
  const isLoaded = outcome.kind === 'loaded';
  metrics.reloads.inc({ result: isLoaded ? 'loaded' : 'refused' });
  metrics.policiesValid.set(isLoaded ? 1 : 0);
  if (outcome.kind === 'unreadable') {
    log.error('policies-refused', { error: outcome.message });
    return;
  }
  for (const { file, range, ...finding } of outcome.findings) {
    const place = `${file}:${range.start.line}:${range.start.column}`;
    log[LOG_LEVELS[finding.severity]]('policy-finding', { place, ...finding });
  }
  if (!isLoaded) {
    log.error('policies-refused', { findings: outcome.findings.length });
    return;
  }
  metrics.policyInfo.reset();
  metrics.policyInfo.set({ revision: outcome.revision }, 1);
  log.info('policies-loaded', { revision: outcome.revision });
}

function countsOf(gateways: ReadonlyMap<ListenerName, RunningGateway>): ReadonlyMap<string, GatewayCounts> {
  return new Map([...gateways].map(([name, gateway]) => [name, gateway.counts()]));
}

async function closeService(
  gateways: ReadonlyMap<ListenerName, RunningGateway>,
  policies: PolicySource,
  store: ServerStore,
  graceMillis: number,
  log: ServiceLog,
): Promise<void> {
  log.info('stopping', {});
  await Promise.all([...gateways.values()].map((gateway) => gateway.close(graceMillis)));
  await policies.close();
  await store.close();
  log.info('stopped', {});
}
