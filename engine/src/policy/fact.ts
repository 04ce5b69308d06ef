import type { DurationMillis } from './duration.js';
import type { EpochMillis } from './instant.js';
import type { IpAddress } from './network.js';
import type { Version } from './version.js';

/** What a value of each fact type is at run time. */
export interface FactTypes {
  version: Version;
  instant: EpochMillis;
  duration: DurationMillis;
  network: IpAddress;
  /** A host or domain name, lower-cased, without a final dot. */
  domain: string;
  text: string;
  enum: string;
  list: readonly string[];
  number: number;
  boolean: boolean;
}

export type FactType = keyof FactTypes;

/** A fact that conditions can ask for. */
export interface FactDefinition {
  readonly name: string;
  readonly type: FactType;
  /** `connection`: told by the gateway. `derived`: worked out from other facts, the record and the policy set. */
  readonly origin: 'connection' | 'derived';
  /** The values of an `enum`. */
  readonly values?: readonly string[];
  readonly description: string;
}

/** The types of a connector, as Exchange Online names them; `Internet` is everyone whom no other connector matches. */
export const CONNECTOR_TYPES = ['OnPremises', 'Partner', 'Internet'] as const;
export type ConnectorType = (typeof CONNECTOR_TYPES)[number];

/** All facts. To add one: a line here, and whoever supplies it (a gateway, or `decision/derive-facts.ts`). */
export const FACTS = [
  fact('client.address', 'network', 'connection', 'Address of the SMTP client.'),
  fact('client.name', 'domain', 'connection', 'Name of the SMTP client by reverse DNS, where it is verified.'),
  fact('helo', 'domain', 'connection', 'Name that the client gave in HELO or EHLO.'),
  fact('sender.domain', 'domain', 'connection', 'Domain of the envelope sender (MAIL FROM); absent for bounces.'),
  fact('tls.protocol', 'text', 'connection', 'TLS version of the session, such as `TLSv1.3`.'),
  fact('tls.verified', 'boolean', 'connection', 'Whether the certificate of the client was verified.'),
  fact('tls.name', 'domain', 'connection', 'Common name of the verified certificate of the client.'),
  fact(
    'tls.fingerprint',
    'text',
    'connection',
    'Fingerprint of the certificate of the client, as the gateway gives it.',
  ),
  fact('message.size', 'number', 'connection', 'Size of the message in octets, as announced.'),
  fact('message.recipients', 'number', 'connection', 'Number of recipients of the message.'),
  fact('time', 'instant', 'derived', 'Instant of the decision.'),
  fact('connector.name', 'text', 'derived', 'Connector that the connection came in by.'),
  {
    name: 'connector.type',
    type: 'enum',
    origin: 'derived',
    values: CONNECTOR_TYPES,
    description: 'Type of that connector.',
  },
  fact('server.name', 'domain', 'derived', 'Name of the sending server within its connector.'),
  fact('server.version', 'version', 'derived', 'Version that counts for the sending server.'),
  fact('server.known', 'boolean', 'derived', 'Whether the sending server was seen before.'),
  fact('server.product', 'text', 'derived', 'Product of that version, from the build catalogue.'),
  fact('server.build', 'text', 'derived', 'Name of the build, or of the nearest known build below it in its lane.'),
  fact('server.build.exact', 'boolean', 'derived', 'Whether the catalogue has exactly this version.'),
  fact('server.build.released', 'instant', 'derived', 'Release date of that build.'),
  fact('server.build.age', 'duration', 'derived', 'Time since that build was released.'),
  fact(
    'server.build.behind',
    'duration',
    'derived',
    'Time between the release of that build and the newest release of its lane; 0 for a newer one.',
  ),
  fact('server.supportEnds', 'instant', 'derived', 'End of support of the product.'),
  fact('server.supported', 'boolean', 'derived', 'Whether the product is in support at the instant of the decision.'),
  fact('server.tags', 'list', 'derived', 'Tags of the connector.'),
] as const satisfies readonly FactDefinition[];

export type FactName = (typeof FACTS)[number]['name'];

/** Facts by name. A fact that is not known is absent or undefined, never null. */
export type Facts = { readonly [F in (typeof FACTS)[number] as F['name']]?: FactTypes[F['type']] | undefined };

const BY_NAME: ReadonlyMap<string, FactDefinition> = new Map(FACTS.map((definition) => [definition.name, definition]));

/** Finds a fact by its name. */
export function factNamed(name: string): (FactDefinition & { readonly name: FactName }) | undefined {
  return BY_NAME.get(name) as (FactDefinition & { readonly name: FactName }) | undefined;
}

function fact<const N extends string, const T extends FactType, const O extends FactDefinition['origin']>(
  name: N,
  type: T,
  origin: O,
  description: string,
) {
  return { name, type, origin, description };
}
