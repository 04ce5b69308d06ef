import { describe, expect, it } from 'vitest';
import { inSet } from '../workspace/document.fixture.js';
import { codeLenses } from './code-lens.js';
import { NAMES } from './names.fixture.js';

/** `3: 2 references` for each lens, with its command. */
function lenses(path: string, hasCommands: boolean): string[] {
  return codeLenses(inSet(NAMES, path), hasCommands).map(
    ({ range, command }) => `${range.start.line + 1}: ${command?.title} [${command?.command}]`,
  );
}

describe('code lenses', () => {
  it('offer what the client can do with a policy', () => {
    const [explain, timeline, compare] = codeLenses(inSet(NAMES, 'a.policy.yaml'), true);
    const uri = 'file:///policies/a.policy.yaml';
    expect(explain?.command).toEqual({
      title: 'Explain a decision',
      command: 'sluice.explain',
      arguments: [uri, 'old'],
    });
    expect(timeline?.command).toEqual({ title: 'Show timeline', command: 'sluice.showTimeline', arguments: [uri] });
    expect(compare?.command).toEqual({
      title: 'Compare with HEAD',
      command: 'sluice.compare',
      arguments: [uri, 'HEAD'],
    });
  });

  it('offer nothing to click to a client without the commands, and still count', () => {
    expect(lenses('a.policy.yaml', false)).toEqual(['1: 1 reference []', '11: 1 reference []']);
  });

  it('count references in all files, of each file its own stages', () => {
    expect(lenses('a.policy.yaml', true).slice(3)).toEqual([
      '1: 1 reference [sluice.showReferences]',
      '11: 1 reference [sluice.showReferences]',
    ]);
    expect(lenses('b.policy.json', false)).toEqual([]);
    expect(lenses('c.conditions.yaml', true)).toEqual(['2: 2 references [sluice.showReferences]']);
  });

  it('tell where a connector is used nowhere', () => {
    expect(lenses('d.connectors.yaml', true)).toEqual([
      '2: 2 references [sluice.showReferences]',
      '6: no references []',
      '10: 1 reference [sluice.showReferences]',
    ]);
  });

  it('lead to the places of the references', () => {
    const [lens] = codeLenses(inSet(NAMES, 'c.conditions.yaml'), true);
    expect(lens?.command?.arguments).toEqual([
      'file:///policies/c.conditions.yaml',
      { line: 1, character: 10 },
      [
        {
          uri: 'file:///policies/a.policy.yaml',
          range: { start: { line: 6, character: 17 }, end: { line: 6, character: 25 } },
        },
        {
          uri: 'file:///policies/b.policy.json',
          range: { start: { line: 2, character: 26 }, end: { line: 2, character: 34 } },
        },
      ],
    ]);
  });
});
