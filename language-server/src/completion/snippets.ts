import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import { CompletionItemKind } from 'vscode-languageserver';
import { codeBlock, paragraphs } from '../explain/markdown.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { PLAIN_FILLING } from './filling.js';
import type { Proposal, Put } from './proposal.js';
import { dateOf } from './propose-quantities.js';
import { choice, Hole, type Template, type TemplateMap } from './template.js';
import { separated, valueLines } from './write-template.js';

const OUTDATED: TemplateMap = {
  fact: 'server.version',
  operator: 'versionIn',
  value: new Hole('<15.1', { isQuoted: true }),
};
const UNSUPPORTED: TemplateMap = { fact: 'server.supported', operator: 'equal', value: false };
const OF_TYPE = (...types: readonly string[]): TemplateMap => ({
  fact: 'connector.type',
  operator: 'equal',
  value: choice(...types),
});
const PRIORITY = new Hole('100', { shape: 'bare' });

/** The stages of Microsoft's programme, by a secondary source: see `policies/exchange-2016.policy.yaml`. */
const LADDER: readonly TemplateMap[] = [
  { name: 'report', after: '0d' },
  { name: 'throttle-5', after: '30d', throttle: '5m/h' },
  { name: 'throttle-10', after: '40d', throttle: '10m/h' },
  { name: 'throttle-20', after: '50d', throttle: '20m/h' },
  { name: 'block-5', after: '60d', throttle: '30m/h', block: '5m/h' },
  { name: 'block-10', after: '70d', throttle: '30m/h', block: '10m/h' },
  { name: 'block-20', after: '80d', throttle: '30m/h', block: '20m/h' },
  { name: 'blocked', after: '90d', block: 'always' },
];

const CONNECTOR: TemplateMap = {
  name: new Hole('partner'),
  type: choice('Partner', 'OnPremises'),
  match: { networks: [new Hole('192.0.2.0/24')] },
};
const SHARED_CONDITION: TemplateMap = { name: new Hole('out-of-support'), when: { all: [UNSUPPORTED] } };
const LADDER_INVARIANT: TemplateMap = {
  name: new Hole('never-suddenly'),
  ladder: { neverBlockedBefore: new Hole('60d'), severityNeverFalls: true },
};
const EXEMPTION = (until: string): TemplateMap => ({
  name: new Hole('exemption'),
  whom: { all: [{ fact: 'server.name', operator: 'equal', value: new Hole('mail.example.org') }] },
  reason: new Hole('Why.'),
  grantedBy: new Hole('Who.'),
  until: new Hole(until),
});
const PRODUCT: TemplateMap = {
  name: new Hole('Product'),
  versions: new Hole('1.x', { isQuoted: true }),
  builds: [
    {
      name: new Hole('Product 1.0'),
      version: new Hole('1.0', { isQuoted: true }),
      released: new Hole('2026-01-01'),
    },
  ],
};

const TEST: TemplateMap = {
  name: new Hole('an outdated server is reported'),
  facts: { 'server.version': new Hole('15.1.2507.16', { isQuoted: true }) },
  firstDetected: new Hole('2026-10-01'),
  at: new Hole('+30d'),
  expect: { action: choice('accept', 'throttle', 'block') },
};

interface Snippet {
  readonly label: string;
  readonly documentation: string;
  /** Items of a list, or one map. */
  readonly templates: readonly [TemplateMap, ...TemplateMap[]];
}

function snippet(label: string, documentation: string, ...templates: Snippet['templates']): Snippet {
  return { label, documentation, templates };
}

/** Whole files, for an empty one. */
const FILES: Readonly<Partial<Record<FileKind, (name: string, until: string) => Snippet>>> = {
  policy: (name) =>
    snippet('policy', 'A whole policy: which servers, and what they get as time passes.', {
      name: new Hole(name),
      description: new Hole('What the policy is for.'),
      mode: choice('report', 'enforce', 'off'),
      priority: PRIORITY,
      when: { all: [OF_TYPE('OnPremises', 'Partner', 'Internet'), OUTDATED] },
      stages: LADDER,
    }),
  connectors: () =>
    snippet('connectors', 'Connectors: which clients come in by which way.', {
      connectors: [CONNECTOR, { name: 'internet', type: 'Internet' }],
    }),
  conditions: () =>
    snippet('conditions', 'Conditions that several policies share.', { conditions: [SHARED_CONDITION] }),
  exemptions: (_name, until) =>
    snippet('exemptions', 'Exemptions: whom, why, who granted it, until when.', { exemptions: [EXEMPTION(until)] }),
  invariants: () =>
    snippet('invariants', 'What must hold whatever the policies say.', { invariants: [LADDER_INVARIANT] }),
  builds: () => snippet('builds', 'A catalogue of the builds of a product.', { products: [PRODUCT] }),
  test: () => snippet('tests', 'What policies do to a connection at an instant.', { tests: [TEST] }),
};

/** Items of the list under a key. */
const ITEMS: Readonly<Record<string, (until: string) => readonly Snippet[]>> = {
  stages: () => [
    snippet('ladder of stages', "Eight stages over 90 days, as in Microsoft's programme.", ...ladder()),
    snippet('stage', 'A stage that throttles.', {
      name: new Hole('throttle-5'),
      after: new Hole('30d'),
      throttle: new Hole('5m/h'),
    }),
  ],
  thresholds: () => [
    snippet('threshold', 'Leads to a later stage at once, where a server is refused often.', {
      refusals: new Hole('1000', { shape: 'bare' }),
      within: new Hole('24h'),
      advanceTo: new Hole('blocked'),
    }),
  ],
  connectors: () => [snippet('connector', 'A named way in.', CONNECTOR)],
  conditions: () => [snippet('shared condition', 'A condition with a name.', SHARED_CONDITION)],
  exemptions: (until) => [snippet('exemption', 'Lets connections through, until a day.', EXEMPTION(until))],
  invariants: () => [
    snippet('ladder invariant', 'How policies may grow more severe.', LADDER_INVARIANT),
    snippet('protected invariant', 'Connections that are never refused.', {
      name: new Hole('partners-pass'),
      protected: { all: [OF_TYPE('Partner', 'OnPremises', 'Internet')] },
    }),
    snippet('newer-is-never-worse invariant', 'Of two versions the newer one is never refused more.', {
      name: new Hole('newer-passes'),
      newerIsNeverWorse: { products: [new Hole()] },
    }),
    snippet('covered invariant', 'Every build that is out of support reaches a policy.', {
      name: new Hole('all-covered'),
      covered: { connectors: [new Hole()] },
    }),
  ],
  products: () => [snippet('product', 'A product with its builds.', PRODUCT)],
  tests: () => [snippet('test', 'A connection, an instant, and what is expected.', TEST)],
  builds: () => [
    snippet('build', 'A build of the product.', {
      name: new Hole('Product 1.0'),
      version: new Hole('1.0', { isQuoted: true }),
      released: new Hole('2026-01-01'),
    }),
  ],
};

function ladder(): Snippet['templates'] {
  const [first = {}, ...others] = LADDER;
  return [first, ...others];
}

/** A whole file by its kind. */
export function proposeFile({ document, snapshot }: DocumentInSet): Proposal[] {
  const name = document.path.replace(/^.*\//, '').split('.')[0]?.toLowerCase() ?? 'policy';
  const found = FILES[document.kind]?.(name, dateOf(snapshot.now, 365));
  if (found === undefined) return [];
  return [proposalOf(found, { what: 'entries', entries: found.templates[0] }, document.isJson)];
}

/** Items of the list under a key: a ladder of stages, one stage, a connector and so on. */
export function proposeListItems(key: string, { document, snapshot }: DocumentInSet): Proposal[] {
  return (ITEMS[key]?.(dateOf(snapshot.now, 365)) ?? []).map((each) => {
    const [value, ...more] = each.templates;
    return proposalOf(each, { what: 'value', value, more }, document.isJson);
  });
}

/** A comparison, as a condition. */
export function proposeComparison(): Proposal {
  const entries = { fact: new Hole(), operator: new Hole(), value: new Hole('', { shape: 'bare' }) };
  return {
    label: 'comparison',
    kind: CompletionItemKind.Snippet,
    put: { what: 'entries', entries },
    documentation: 'Compares a fact: `{ fact: server.version, operator: versionIn, value: "<15.1" }`.',
  };
}

function proposalOf({ label, documentation, templates }: Snippet, put: Put, isJson: boolean): Proposal {
  const notation = { isJson, filling: PLAIN_FILLING };
  const values: readonly Template[] = templates;
  const lines = isJson ? separated(values.map((each) => valueLines(each, notation))) : listed(values, notation);
  const shown = paragraphs(documentation, codeBlock(lines.join('\n'), isJson ? 'json' : 'yaml'));
  return { label, kind: CompletionItemKind.Snippet, put, documentation: shown, isPreferred: true };
}

function listed(values: readonly Template[], notation: Parameters<typeof valueLines>[1]): string[] {
  return values.length === 1 ? values.flatMap((each) => valueLines(each, notation)) : valueLines(values, notation);
}
