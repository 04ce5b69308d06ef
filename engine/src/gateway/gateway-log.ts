/** What gateways log; each name is stable, so that an operator can search for it. */
export type GatewayEvent =
  /** Connections were closed at once because there were too many; `count` since the last such line. */
  | 'connections-refused'
  /** A client sent what the protocol does not allow; its connection was closed, or its request refused. */
  | 'request-malformed'
  /** A connection was closed because no whole request came in time. */
  | 'connection-timed-out'
  /** The listening socket reported an error, such as no more file descriptors. */
  | 'listener-error'
  /** Something inside failed that never should; a bug. */
  | 'gateway-fault';

/** Where gateways log: an event's stable name, and its details as a plain object. */
export interface GatewayLog {
  info(event: GatewayEvent, details: object): void;
  warn(event: GatewayEvent, details: object): void;
}
