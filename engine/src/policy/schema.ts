import { CONNECTOR_TYPES, FACTS } from './fact.js';
import type { FileKind } from './file-kind.js';
import { POLICY_MODES, SERVER_IDENTITIES } from './policy-set.js';
import { DURATION, grammar, INSTANT, list, map, NAME, RATE, type Schema, text } from './schema-node.js';
import { TESTS } from './schema-of-tests.js';

export type { Grammar, Schema } from './schema-node.js';

const CONDITION: Schema = { $ref: '#/definitions/condition' };
const ROOT_CONDITION: Schema = { ...CONDITION, description: 'Which connections: all, any, not or condition.' };

const REPLIES = map(
  {
    throttle: grammar(
      'throttle-reply',
      'The reply of a throttled connection: a 4yz code, an enhanced status code, a text.',
      '450 4.7.230 …',
    ),
    block: grammar(
      'block-reply',
      'The reply of a blocked connection: a 5yz code, an enhanced status code, a text.',
      '550 5.7.230 …',
    ),
  },
  [],
  'What a refused server reads. Placeholders stand in braces: {gateway}, {throttle.minutes} …',
);

const CONDITION_DEFINITION: Schema = {
  type: 'object',
  additionalProperties: false,
  dependencies: { fact: ['operator', 'value'], operator: ['fact'], value: ['fact'] },
  description: 'Exactly one of: all, any, not, condition, or a comparison of fact, operator and value.',
  properties: {
    all: { ...list(CONDITION, 'Holds where every one of these holds.'), 'x-finding': 'condition-empty' },
    any: { ...list(CONDITION, 'Holds where at least one of these holds.'), 'x-finding': 'condition-empty' },
    not: { $ref: '#/definitions/condition', description: 'Holds where this one does not.' },
    condition: { type: 'string', description: 'Name of a shared condition.' },
    fact: {
      type: 'string',
      enum: FACTS.map((fact) => fact.name),
      'x-finding': 'fact-unknown',
      description: 'The fact that is compared.',
    },
    operator: { type: 'string', description: 'The operator, with its decorators before it: not:inDomain.' },
    value: { description: 'What the fact is compared with; {fact: NAME} for another fact.' },
    path: { not: {}, 'x-finding': 'condition-path', description: 'Not part of the language.' },
  },
};

const STAGE = map(
  {
    name: NAME,
    after: DURATION('Time since the first detection from which the stage holds.'),
    throttle: RATE('How long connections are answered with 4yz.', '5m/h'),
    block: RATE('How long connections are answered with 5yz, straight after.', '5m/h', 'always'),
    replies: REPLIES,
  },
  ['name', 'after'],
  'A stage of enforcement.',
);

const THRESHOLD = map(
  {
    refusals: { type: 'integer', minimum: 1, maximum: 1_000_000_000, description: 'This many refused connections …' },
    within: DURATION('… within this time, whole hours up to 24h …'),
    advanceTo: { type: 'string', description: '… lead to this stage at once.' },
  },
  ['refusals', 'within', 'advanceTo'],
  'Escalates sooner where a server is refused often.',
);

const RELAPSE: Schema = {
  description: 'What a fixed server that falls back gets: `restart` gives it a new clock, `resume` its old one.',
  if: { type: 'object' },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
  then: map(
    { resume: map({ within: DURATION('Only where it falls back within this time.') }, ['within'], 'Its old clock.') },
    ['resume'],
    'Resume.',
  ),
  else: { enum: ['restart'], description: 'restart, or { resume: { within: DURATION } }.' },
};

const POLICY = map(
  {
    name: NAME,
    description: text('What the policy is for.'),
    owner: text('Whom to ask.'),
    mode: { type: 'string', enum: POLICY_MODES, description: 'enforce: refuse; report: decide and log; off: nothing.' },
    priority: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Of the policies that match, the one of highest priority decides.',
    },
    effective: map({ from: INSTANT('First instant.'), until: INSTANT('End.') }, [], 'When the policy is in force.'),
    when: ROOT_CONDITION,
    stages: list(STAGE, 'The stages in the order of time; the first one is after 0d.'),
    thresholds: list(THRESHOLD, 'What escalates sooner.'),
    remediation: map({ relapse: RELAPSE }, ['relapse'], 'What happens after a server was fixed.'),
    help: {
      type: 'string',
      pattern: '^https?://[!-~]{1,190}$',
      'x-finding': 'value-unknown',
      description: 'Address of a page that explains, with http or https; {help} in replies.',
    },
    replies: REPLIES,
  },
  ['name', 'mode', 'priority', 'when', 'stages'],
  'A policy: which servers, and what they get as time passes.',
);

const CONNECTOR = map(
  {
    name: NAME,
    description: text('What comes in here.'),
    type: { type: 'string', enum: CONNECTOR_TYPES, description: 'OnPremises, Partner, or Internet for all the rest.' },
    match: map(
      {
        networks: list(grammar('network', 'A network in CIDR notation.', '192.0.2.0/24'), 'Networks of the clients.'),
        tlsNames: list(
          grammar('tls-name', 'A name in a verified certificate; *.example.org for all below.', 'mail.example.org'),
          'Names in the verified certificates of the clients.',
        ),
        tlsFingerprints: list(
          grammar('fingerprint', 'The fingerprint as the mail server gives it.', '3D:95:…'),
          'Fingerprints of their certificates.',
        ),
      },
      [],
      'Which connections come in by the connector: a fingerprint, else a name, else the longest network.',
    ),
    identity: {
      type: 'string',
      enum: SERVER_IDENTITIES,
      description: 'How servers are told apart; received-by by default.',
    },
    tags: list(text('A word.'), 'Words for the fact server.tags.'),
  },
  ['name', 'type'],
  'A named way in.',
);

const EXEMPTION = map(
  {
    name: NAME,
    whom: ROOT_CONDITION,
    reason: text('Why.'),
    grantedBy: text('Who granted it.'),
    from: INSTANT('First instant.'),
    until: INSTANT('End; required, so that no exemption stays for ever.'),
  },
  ['name', 'whom', 'reason', 'grantedBy', 'until'],
  'Lets connections through whatever the policies say.',
);

const PRODUCTS = list(text('Name of a product.'), 'Products of the catalogue; all of them where absent.');
const CONNECTORS = (description: string) => list(text('Name of a connector.'), description);

const INVARIANT = map(
  {
    name: NAME,
    description: text('What must hold, and why.'),
    protected: { ...CONDITION, description: 'Connections that are never refused: all, any, not or condition.' },
    ladder: map(
      {
        policies: list(text('Name of a policy.'), 'The policies that it is about; all that are on where absent.'),
        neverBlockedBefore: DURATION('Nothing is blocked before this time since the first detection.'),
        atMostMore: RATE('Most minutes of every hour by which a stage may refuse more than the one before.', '20m/h'),
        severityNeverFalls: { type: 'boolean', enum: [true], description: 'true: no stage is milder than one before.' },
      },
      [],
      'How policies grow more severe; at least one limit.',
    ),
    newerIsNeverWorse: map(
      { products: PRODUCTS, connectors: CONNECTORS('Connectors; all of them where absent.') },
      [],
      'Of two versions of one lane the newer one is never refused more.',
    ),
    covered: map(
      { connectors: CONNECTORS('The connectors.'), products: PRODUCTS },
      ['connectors'],
      'Every build that is out of support reaches a policy there.',
    ),
  },
  ['name'],
  'What must hold for every connection and on every day; exactly one of protected, ladder, newerIsNeverWorse, covered.',
);

const BUILD = map(
  {
    name: text('The name that people use, unique in all catalogues.'),
    version: {
      ...grammar('version', 'One to four numbers, in quotes.', '15.1.2507.39'),
      'x-finding': 'version-unquoted',
    },
    released: INSTANT('Release date.'),
  },
  ['name', 'version'],
  'A build.',
);

const PRODUCT = map(
  {
    name: text('Name of the product.'),
    versions: {
      ...grammar('version-range', 'The versions of the product, which no other product shares.', '>=15.2.2562 <15.3'),
      'x-finding': 'version-unquoted',
    },
    laneParts: {
      type: 'integer',
      enum: [2, 3],
      description: 'Parts of a version that a lane of updates shares; 3 by default.',
    },
    supportEnds: INSTANT('End of support.'),
    builds: list(BUILD, 'Builds in any order.', 0),
  },
  ['name', 'versions', 'builds'],
  'A product.',
);

const ROOTS = {
  policy: POLICY,
  connectors: map({ connectors: list(CONNECTOR, 'Connectors.') }, ['connectors'], 'Connectors.'),
  conditions: map(
    {
      conditions: list(
        map(
          {
            name: NAME,
            description: text('What it means.'),
            when: ROOT_CONDITION,
          },
          ['name', 'when'],
          'A shared condition.',
        ),
        'Shared conditions.',
      ),
    },
    ['conditions'],
    'Shared conditions.',
  ),
  exemptions: map({ exemptions: list(EXEMPTION, 'Exemptions.') }, ['exemptions'], 'Exemptions.'),
  invariants: map({ invariants: list(INVARIANT, 'Invariants.') }, ['invariants'], 'Invariants.'),
  builds: map({ products: list(PRODUCT, 'Products.') }, ['products'], 'A catalogue of builds.'),
  test: TESTS,
} as const satisfies Record<FileKind, Schema>;

/** The kinds of files that have a schema. */
export type SchemaKind = keyof typeof ROOTS;
export const SCHEMA_KINDS = Object.keys(ROOTS) as readonly SchemaKind[];

/** The JSON Schema of a kind of file; the same as `schemas/KIND.schema.json` in the package. */
export function schemaOf(kind: SchemaKind): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Sluice *.${kind}.yaml`,
    ...ROOTS[kind],
    definitions: { condition: CONDITION_DEFINITION },
  };
}
