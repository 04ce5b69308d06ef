import type { Schema } from '../policy/schema.js';

/** The gateways that can listen. */
export const LISTENERS = ['postfixPolicy', 'milter', 'http', 'smtp'] as const;
export type ListenerName = (typeof LISTENERS)[number];

const LISTENER_DESCRIPTIONS: Record<ListenerName, string> = {
  postfixPolicy: 'Postfix policy protocol.',
  milter: 'Milter, for Postfix and Sendmail.',
  http: 'HTTP: POST /v1/decisions, /healthz, /readyz, /metrics.',
  smtp: 'A small SMTP listener that discards mail, for trying out.',
};

const DURATION: Schema = { type: 'string', examples: ['1h'] };

/** JSON Schema (draft-07) of the service's configuration file. */
export const CONFIGURATION_SCHEMA: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Sluice configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    gatewayName: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[ -~]+$' },
    policies: { type: 'string', minLength: 1 },
    store: {
      type: 'object',
      additionalProperties: false,
      properties: { kind: { type: 'string', enum: ['lmdb', 'memory'] }, path: { type: 'string', minLength: 1 } },
    },
    listen: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        LISTENERS.map((name) => [name, { type: 'string', description: LISTENER_DESCRIPTIONS[name] }]),
      ),
    },
    http: {
      type: 'object',
      additionalProperties: false,
      properties: { tokenVariable: { type: 'string', minLength: 1 } },
    },
    onFault: { type: 'string', enum: ['accept', 'defer'] },
    decisionTimeout: DURATION,
    peerWindow: DURATION,
    versionWindow: DURATION,
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: {
        connections: { type: 'integer', minimum: 1, maximum: 100_000 },
        requestOctets: { type: 'integer', minimum: 4096, maximum: 1_073_741_824 },
        idleTimeout: DURATION,
      },
    },
    shutdownGrace: DURATION,
    logLevel: { type: 'string', enum: ['debug', 'info', 'warn', 'error'] },
  },
};
