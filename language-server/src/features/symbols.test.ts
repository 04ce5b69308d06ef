import { describe, expect, it } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { inSet } from '../workspace/document.fixture.js';
import { NAMES } from './names.fixture.js';
import { documentSymbols, workspaceSymbols } from './symbols.js';

function outline(symbols: readonly DocumentSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ name, detail, range, children = [] }) => [
    `${indent}${detail} ${name} ${range.start.line + 1}-${range.end.line + 1}`,
    ...outline(children, `${indent}  `),
  ]);
}

describe('document symbols', () => {
  it.each([
    ['a.policy.yaml', ['policy old 1-13', '  stage report 10-10', '  stage late 11-11']],
    ['b.policy.json', ['policy other 1-5', '  stage late 4-4']],
    ['c.conditions.yaml', ['condition outdated 2-3']],
    ['e.invariants.yaml', ['invariant kind 2-3', 'invariant whole 4-5']],
    ['f.builds.yaml', ['product Mailer 2-5', '  build Mailer 2 SP1 5-5']],
  ])('of %s', (path, expected) => {
    expect(outline(documentSymbols(inSet(NAMES, path)))).toEqual(expected);
  });

  it('keep the selection within the range, as editors demand, in half-typed text', () => {
    for (const cut of [5, 30, 80, 150, 300]) {
      const context = inSet({ 'a.policy.yaml': (NAMES['a.policy.yaml'] ?? '').slice(0, cut) }, 'a.policy.yaml');
      for (const { range, selectionRange } of documentSymbols(context)) {
        expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
        expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line);
      }
    }
  });
});

describe('workspace symbols', () => {
  it.each([
    ['outdated', ['outdated']],
    ['mlr', ['Mailer', 'Mailer 2 SP1']],
    ['PART', ['partner']],
    ['nothing', []],
  ])('by %s', (query, expected) => {
    const { folder } = inSet(NAMES, 'a.policy.yaml');
    expect(workspaceSymbols([folder], query).map(({ name }) => name)).toEqual(expected);
  });
});
