/** Where a gateway listens: a TCP address, or a unix socket with the mode of its file. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string; readonly mode: number };

/** Bounds of a gateway's connections. */
export interface ListenerLimits {
  /** Connections at one time; more are closed at once. */
  readonly maxConnections: number;
  /** Time without a whole request after which a connection is closed, in milliseconds; a slow half request does not count. */
  readonly idleTimeoutMillis: number;
  /** Octets of one request. */
  readonly maxRequestOctets: number;
}

/** What a gateway has counted since its start, for metrics. */
export interface GatewayCounts {
  /** Connections that are open now. */
  readonly openConnections: number;
  readonly acceptedConnections: number;
  /** Connections that were closed at once because there were too many. */
  readonly refusedConnections: number;
  /** Requests that the protocol does not allow. */
  readonly malformedRequests: number;
}

/** A gateway that listens. */
export interface RunningGateway {
  /** Where it listens, as text for people: `inet:127.0.0.1:8891`, `unix:/run/sluice/milter.sock`, `http://127.0.0.1:8893`. */
  readonly address: string;
  /** The TCP port, or undefined for a unix socket; tells the port that was chosen for port 0. */
  readonly port: number | undefined;
  counts(): GatewayCounts;
  /** Takes no more connections, lets what is asked be answered, then closes; connections left after the grace are cut. */
  close(graceMillis: number): Promise<void>;
}
