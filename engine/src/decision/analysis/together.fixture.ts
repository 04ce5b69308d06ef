import type { FindingCode } from '../../policy/finding.js';
import { instantOf, type PolicyTexts } from '../../policy/policy-text.fixture.js';
import { checkPolicySet } from '../check-policies.js';

const NOW = instantOf('2026-09-08');

/** What a check says with one code, `file:line message`; for tests. */
export function told(code: FindingCode, ...parts: readonly PolicyTexts[]): string[] {
  const encoder = new TextEncoder();
  const texts = Object.entries(Object.assign({}, ...parts) as PolicyTexts);
  const files = texts.map(([path, text]) => ({ path, content: encoder.encode(text) }));
  return checkPolicySet(files, NOW)
    .findings.filter((finding) => finding.code === code)
    .map(({ file, range, message }) => `${file}:${range.start.line} ${message}`);
}

/** A policy that blocks at once whom a condition below `all` matches. */
export function policy(name: string, when: string, { priority = 100, more = 'mode: enforce' } = {}): PolicyTexts {
  const stages = 'stages: [{ name: blocked, after: 0d, block: always }]';
  return {
    [`${name}.policy.yaml`]: `name: ${name}\npriority: ${priority}\nwhen: { all: [${when}] }\n${stages}\n${more}\n`,
  };
}

/** A comparison of the version. */
export function versionIn(range: string): string {
  return `{ fact: server.version, operator: versionIn, value: '${range}' }`;
}

/** A comparison for equality. */
export function is(fact: string, value: string): string {
  return `{ fact: ${fact}, operator: equal, value: ${value} }`;
}

/** An exemption, in a file of its own. */
export function exemption(name: string, whom: string, until = '2027-09-08'): PolicyTexts {
  const text = `exemptions: [{ name: ${name}, whom: { all: [${whom}] }, reason: r, grantedBy: g, until: ${until} }]\n`;
  return { [`${name}.exemptions.yaml`]: text };
}

export const CONNECTORS: PolicyTexts = {
  'all.connectors.yaml': `connectors:
  - { name: ours, type: OnPremises, match: { networks: [192.0.2.0/24] } }
  - { name: partner, type: Partner, match: { tlsNames: [mail.fabrikam.example] } }
`,
};

export const BUILDS: PolicyTexts = {
  'contoso.builds.yaml': `products:
  - name: Contoso Mail 1
    versions: 1.x
    supportEnds: 2020-01-01
    builds: [{ name: One, version: 1.0.0.1 }, { name: One SU1, version: 1.0.0.5 }]
  - name: Contoso Mail 2
    versions: 2.x
    builds: [{ name: Two, version: 2.0.0.1 }, { name: Two SU1, version: 2.0.0.5 }, { name: Two CU1, version: 2.1.0.1 }]
`,
};
