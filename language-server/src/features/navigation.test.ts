import { describe, expect, it } from 'vitest';
import type { Location } from 'vscode-languageserver';
import { inSet, withCaret } from '../workspace/document.fixture.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { NAMES } from './names.fixture.js';
import { definition, documentHighlights, references } from './navigation.js';

/** Puts the caret into a text of the set: before the last letter of what is found. */
function at(path: string, found: string) {
  const marked = (NAMES[path] ?? '').replace(found, `${found.slice(0, -1)}¦${found.slice(-1)}`);
  const { position } = withCaret(marked);
  return { context: inSet(NAMES, path), position };
}

/** `file:line text`, of the text at each place. */
function told({ snapshot }: DocumentInSet, locations: readonly Location[]): string[] {
  return locations.map(({ uri, range }) => {
    const path = uri.slice(uri.lastIndexOf('/') + 1);
    return `${path}:${range.start.line + 1} ${snapshot.documentAt(path)?.text.getText(range)}`;
  });
}

describe('definition', () => {
  it.each([
    ['a.policy.yaml', 'partner', ['d.connectors.yaml:2 partner']],
    ['a.policy.yaml', '"internet', ['d.connectors.yaml:10 internet']],
    ['a.policy.yaml', 'condition: outdated', ['c.conditions.yaml:2 outdated']],
    ['b.policy.json', '"condition": "outdated', ['c.conditions.yaml:2 outdated']],
    ['a.policy.yaml', 'advanceTo: late', ['a.policy.yaml:11 late']],
    ['a.policy.yaml', '"Mailer 2', ['f.builds.yaml:5 Mailer 2 SP1']],
    ['c.conditions.yaml', 'value: Mailer', ['f.builds.yaml:2 Mailer']],
    ['e.invariants.yaml', '[old', ['a.policy.yaml:1 old']],
    ['d.connectors.yaml', '*tags', ['d.connectors.yaml:4 tags']],
    ['a.policy.yaml', 'mode: enforce', []],
    ['a.policy.yaml', 'fact: connector', []],
  ])('in %s of %s', (path, found, expected) => {
    const { context, position } = at(path, found);
    expect(told(context, definition(context, position))).toEqual(expected);
  });
});

describe('references', () => {
  it.each([
    ['c.conditions.yaml', 'name: outdated', ['a.policy.yaml:7 outdated', 'b.policy.json:3 outdated']],
    ['d.connectors.yaml', 'name: partner', ['a.policy.yaml:6 partner', 'e.invariants.yaml:5 partner']],
    ['f.builds.yaml', 'name: Mailer', ['c.conditions.yaml:3 Mailer', 'e.invariants.yaml:5 Mailer']],
    ['d.connectors.yaml', '&tags', ['d.connectors.yaml:8 tags']],
  ])('in %s of %s', (path, found, expected) => {
    const { context, position } = at(path, found);
    expect(told(context, references(context, position, false))).toEqual(expected);
    expect(told(context, references(context, position, true))).toHaveLength(expected.length + 1);
  });

  it('of a stage stay in its policy', () => {
    const { context, position } = at('b.policy.json', '"name": "late');
    expect(told(context, references(context, position, true))).toEqual(['b.policy.json:4 late']);
  });
});

describe('highlights', () => {
  it('are the same names in the document', () => {
    const { context, position } = at('a.policy.yaml', 'advanceTo: late');
    const lines = documentHighlights(context, position).map(({ range, kind }) => [range.start.line + 1, kind]);
    expect(lines).toEqual([
      [11, 3],
      [13, 2],
    ]);
  });
});
