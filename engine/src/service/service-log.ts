import { destination, type Level, pino } from 'pino';
import type { GatewayEvent, GatewayLog } from '../gateway/gateway-log.js';

/** What the service logs, beside what gateways do; names are stable. */
export type ServiceEvent =
  | GatewayEvent
  /** A connection was judged: the decision log. */
  | 'decision'
  /** A connection passed as far as its headers, which will tell the server. */
  | 'headers-awaited'
  /** The service could not decide, and answered as configured. */
  | 'decision-fault'
  | 'policies-loaded'
  /** The policy files on disk are wrong; the last good revision goes on. */
  | 'policies-refused'
  | 'policy-finding'
  | 'policy-watch-error'
  | 'listening'
  | 'clock-moved'
  | 'stopping'
  | 'stopped';

/** Structured events; each line is one JSON object with `event`, `time` and `version`. */
export interface ServiceLog extends GatewayLog {
  /** Whether events of the level are written, so that details need not be made for nothing. */
  isEnabled(level: 'debug' | 'info'): boolean;
  debug(event: ServiceEvent, details: object): void;
  info(event: ServiceEvent, details: object): void;
  warn(event: ServiceEvent, details: object): void;
  error(event: ServiceEvent, details: object): void;
}

/** Logs JSON lines to standard output; lines that were written are out when the process ends. */
export function createServiceLog(level: Level, version: string): ServiceLog {
  const logger = pino(
    {
      level,
      base: { version },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ fd: 1, sync: true }),
  );
  return {
    isEnabled: (each) => logger.isLevelEnabled(each),
    debug: (event, details) => logger.debug({ event, ...details }),
    info: (event, details) => logger.info({ event, ...details }),
    warn: (event, details) => logger.warn({ event, ...details }),
    error: (event, details) => logger.error({ event, ...details }),
  };
}
