import { describe, expect, it } from 'vitest';
import { inSet } from '../workspace/document.fixture.js';
import { documentLinks } from './document-links.js';
import { MAILER } from './mailer.fixture.js';

/** `text -> target` for each link. */
function links(path: string, text: string): string[] {
  const context = inSet({ ...MAILER, [path]: text }, path);
  return documentLinks(context).map(({ range, target }) => `${context.document.text.getText(range)} -> ${target}`);
}

describe('document links', () => {
  it.each([
    ['help: https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
    ['# see (https://example.org/a).', 'https://example.org/a'],
    ['help: "http://example.org"', 'http://example.org'],
    ['description: >-\r\n  as of\r\n  https://example.org/a, and so on', 'https://example.org/a'],
    ['replies: { block: "550 5.7.1 See https://example.org/{stage}" }', 'https://example.org/'],
  ])('lead to the page in %j', (text, target) => {
    expect(links('x.policy.yaml', text)).toEqual([`${target} -> ${target}`]);
  });

  it.each(['help: https:// example', 'help: httpsx://example.org', 'help: https://[x'])(
    'lead nowhere from %j',
    (text) => {
      expect(links('x.policy.yaml', text)).toEqual([]);
    },
  );

  it('lead from builds, products and listed versions to their lines in the catalogue', () => {
    const text = `when:
  all:
    - { fact: server.product, operator: in, value: [Mailer 1, Mailer 9] }
    - { fact: server.build, operator: equal, value: Mailer 2 RTM }
    - { fact: server.version, operator: versionIn, value: '<"Mailer 2 SP1" >=1.0.5.3 || 2.x || 1.0.5.2' }
`;
    const catalogue = 'file:///policies/a.builds.yaml';
    expect(links('x.policy.yaml', text)).toEqual([
      `Mailer 1 -> ${catalogue}#L2`,
      `Mailer 2 RTM -> ${catalogue}#L11`,
      `"Mailer 2 SP1" -> ${catalogue}#L12`,
      `1.0.5.3 -> ${catalogue}#L7`,
    ]);
  });

  it('do not lead from the catalogue to itself', () => {
    expect(links('a.builds.yaml', MAILER['a.builds.yaml'] ?? '')).toEqual([]);
  });
});
