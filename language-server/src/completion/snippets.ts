// biome-ignore-all lint/suspicious/noTemplateCurlyInString: LSP's snippets write places to fill in like that
import type { FileKind } from '@sluice/engine/policy/file-kind.js';
import { formatInstant } from '@sluice/engine/policy/instant.js';
import { CompletionItemKind } from 'vscode-languageserver';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { Proposal } from './proposal.js';

const YEAR_MILLIS = 365 * 86_400_000;

/** A text of several lines to begin with; `$1`, `${2:word}` are places to fill in. */
interface Snippet {
  readonly label: string;
  readonly documentation: string;
  readonly lines: readonly string[];
}

const CONDITION_LINES = [
  '  all:',
  '    - { fact: connector.type, operator: equal, value: ${4|OnPremises,Partner,Internet|} }',
  '    - { fact: server.version, operator: versionIn, value: "${5:<15.1}" }',
];

/** The stages of Microsoft's programme, by a secondary source: see `policies/exchange-2016.policy.yaml`. */
const LADDER_LINES = [
  '- { name: report, after: 0d }',
  '- { name: throttle-5, after: 30d, throttle: 5m/h }',
  '- { name: throttle-10, after: 40d, throttle: 10m/h }',
  '- { name: throttle-20, after: 50d, throttle: 20m/h }',
  '- { name: block-5, after: 60d, throttle: 30m/h, block: 5m/h }',
  '- { name: block-10, after: 70d, throttle: 30m/h, block: 10m/h }',
  '- { name: block-20, after: 80d, throttle: 30m/h, block: 20m/h }',
  '- { name: blocked, after: 90d, block: always }',
];

/** Whole files, for an empty one. */
function filesOf(name: string, until: string): Readonly<Partial<Record<FileKind, Snippet>>> {
  return {
    policy: {
      label: 'policy',
      documentation: 'A whole policy: which servers, and what they get as time passes.',
      lines: [
        `name: \${1:${name}}`,
        'description: ${2:What the policy is for.}',
        'mode: ${3|report,enforce,off|}',
        'priority: 100',
        'when:',
        ...CONDITION_LINES,
        'stages:',
        ...LADDER_LINES.map((line) => `  ${line}`),
      ],
    },
    connectors: {
      label: 'connectors',
      documentation: 'Connectors: which clients come in by which way.',
      lines: [
        'connectors:',
        '  - name: ${1:on-premises}',
        '    type: ${2|OnPremises,Partner|}',
        '    match:',
        '      networks: [${3:192.0.2.0/24}]',
        '  - name: internet',
        '    type: Internet',
      ],
    },
    conditions: {
      label: 'conditions',
      documentation: 'Conditions that several policies share.',
      lines: [
        'conditions:',
        '  - name: ${1:out-of-support}',
        '    when:',
        '      all:',
        '        - { fact: server.supported, operator: equal, value: false }',
      ],
    },
    exemptions: {
      label: 'exemptions',
      documentation: 'Exemptions: whom, why, who granted it, until when.',
      lines: ['exemptions:', ...exemptionLines(until).map((line) => `  ${line}`)],
    },
    invariants: {
      label: 'invariants',
      documentation: 'What must hold whatever the policies say.',
      lines: [
        'invariants:',
        '  - name: ${1:never-suddenly}',
        '    ladder: { neverBlockedBefore: ${2:60d}, severityNeverFalls: true }',
      ],
    },
    builds: {
      label: 'builds',
      documentation: 'A catalogue of the builds of a product.',
      lines: [
        'products:',
        '  - name: ${1:Product}',
        '    versions: "${2:1.x}"',
        '    builds:',
        '      - { name: ${3:Product 1.0}, version: "${4:1.0}", released: ${5:2026-01-01} }',
      ],
    },
  };
}

function exemptionLines(until: string): string[] {
  return [
    '- name: ${1:exemption}',
    '  whom:',
    '    all:',
    '      - { fact: server.name, operator: equal, value: ${2:mail.example.org} }',
    '  reason: ${3:Why.}',
    '  grantedBy: ${4:Who.}',
    `  until: \${5:${until}}`,
  ];
}

/** Whole files in an empty one. YAML only: JSON has no room for what is filled in later. */
export function proposeFile({ document, snapshot }: DocumentInSet): Proposal[] {
  const name = document.path.replace(/^.*\//, '').split('.')[0]?.toLowerCase() ?? 'policy';
  const until = formatInstant((snapshot.now + YEAR_MILLIS) as typeof snapshot.now).slice(0, 10);
  const snippet = filesOf(name, until)[document.kind];
  return snippet === undefined ? [] : [proposalOf(snippet)];
}

/** Items of the list under a key: a ladder of stages, one stage, a connector and so on. */
export function proposeListItems(key: string, { snapshot }: DocumentInSet): Proposal[] {
  const until = formatInstant((snapshot.now + YEAR_MILLIS) as typeof snapshot.now).slice(0, 10);
  return (ITEMS[key]?.(until) ?? []).map(proposalOf);
}

const ITEMS: Readonly<Record<string, (until: string) => readonly Snippet[]>> = {
  stages: () => [
    {
      label: 'ladder of stages',
      documentation: "Eight stages over 90 days, as in Microsoft's programme.",
      lines: LADDER_LINES,
    },
    {
      label: 'stage',
      documentation: 'A stage that throttles.',
      lines: ['- { name: ${1:throttle-5}, after: ${2:30d}, throttle: ${3:5m/h} }'],
    },
  ],
  connectors: () => [
    {
      label: 'connector',
      documentation: 'A named way in.',
      lines: [
        '- name: ${1:partner}',
        '  type: ${2|Partner,OnPremises|}',
        '  match:',
        '    networks: [${3:192.0.2.0/24}]',
      ],
    },
  ],
  conditions: () => [
    {
      label: 'shared condition',
      documentation: 'A condition with a name.',
      lines: [
        '- name: ${1:out-of-support}',
        '  when:',
        '    all:',
        '      - { fact: server.supported, operator: equal, value: false }',
      ],
    },
  ],
  exemptions: (until) => [
    { label: 'exemption', documentation: 'Lets connections through, until a day.', lines: exemptionLines(until) },
  ],
  invariants: () => [
    {
      label: 'ladder invariant',
      documentation: 'How policies may grow more severe.',
      lines: ['- name: ${1:never-suddenly}', '  ladder: { neverBlockedBefore: ${2:60d}, severityNeverFalls: true }'],
    },
    {
      label: 'protected invariant',
      documentation: 'Connections that are never refused.',
      lines: [
        '- name: ${1:partners-pass}',
        '  protected:',
        '    all:',
        '      - { fact: connector.type, operator: equal, value: Partner }',
      ],
    },
  ],
};

function proposalOf({ label, documentation, lines }: Snippet): Proposal {
  const snippet = lines.join('\n');
  const text = snippet
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\d+/g, '');
  const shown = `${documentation}\n\n\`\`\`yaml\n${text}\n\`\`\``;
  return { label, kind: CompletionItemKind.Snippet, text, snippet, documentation: shown, isPreferred: true };
}
