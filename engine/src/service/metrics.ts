import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { GatewayCounts } from '../gateway/listener.js';
import { DurationHistogram } from './duration-histogram.js';
import { LabelCounts } from './label-counts.js';

/** All metrics of the service; names are stable. */
export interface Metrics {
  readonly contentType: string;
  /** All of them, in the text format of Prometheus. */
  text(): Promise<string>;
  /** By gateway, action, policy, stage, mode. */
  readonly decisions: LabelCounts;
  /** Seconds of one decision, by gateway. */
  readonly decisionSeconds: DurationHistogram;
  /** Times that the service could not decide, by reason: `error` or `timeout`. */
  readonly faults: Counter;
  /** Reloads of the policy set, by result: `loaded` or `refused`. */
  readonly reloads: Counter;
  /** 1 while the files on disk are what runs, 0 while they are refused. */
  readonly policiesValid: Gauge;
  /** 1 for the revision that runs. */
  readonly policyInfo: Gauge;
  /** First detections of servers, by policy. */
  readonly detections: Counter;
}

/** Makes the metrics of one service. */
export function createMetrics(gatewayCounts: () => ReadonlyMap<string, GatewayCounts>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'sluice_connections_open',
    help: 'Open connections by gateway.',
    labelNames: ['gateway'],
    registers,
    collect() {
      for (const [gateway, counts] of gatewayCounts()) this.set({ gateway }, counts.openConnections);
    },
  });
  const totals = [
    ['sluice_connections_total', 'Connections by gateway.', 'acceptedConnections'],
    ['sluice_connections_refused_total', 'Connections closed because there were too many.', 'refusedConnections'],
    ['sluice_requests_malformed_total', 'Requests that the protocol does not allow.', 'malformedRequests'],
  ] as const;
  for (const [name, help, key] of totals) {
    new Counter({
      name,
      help,
      labelNames: ['gateway'],
      registers,
      collect() {
        this.reset();
        for (const [gateway, counts] of gatewayCounts()) this.inc({ gateway }, counts[key]);
      },
    });
  }
  const decisions = new LabelCounts();
  new Counter({
    name: 'sluice_decisions_total',
    help: 'Decisions.',
    labelNames: ['gateway', 'action', 'policy', 'stage', 'mode'],
    registers,
    collect() {
      this.reset();
      for (const { labels, count } of decisions.all()) this.labels(...labels).inc(count);
    },
  });
  const decisionSeconds = new DurationHistogram('sluice_decision_seconds', 'Time for one decision.', 'gateway');
  return {
    contentType: registry.contentType,
    text: async () => `${await registry.metrics()}\n${decisionSeconds.text()}`,
    decisions,
    decisionSeconds,
    faults: new Counter({
      name: 'sluice_faults_total',
      help: 'Times that the service could not decide and answered as configured.',
      labelNames: ['reason'],
      registers,
    }),
    reloads: new Counter({
      name: 'sluice_policy_reloads_total',
      help: 'Changed policy sets on disk, loaded or refused.',
      labelNames: ['result'],
      registers,
    }),
    policiesValid: new Gauge({
      name: 'sluice_policies_valid',
      help: '1 while the policy files on disk are what runs, 0 while they are refused.',
      registers,
    }),
    policyInfo: new Gauge({
      name: 'sluice_policy_info',
      help: 'The revision of the policy set that runs.',
      labelNames: ['revision'],
      registers,
    }),
    detections: new Counter({
      name: 'sluice_detections_total',
      help: 'Servers detected for the first time.',
      labelNames: ['policy'],
      registers,
    }),
  };
}
