import { describe, expect, it } from 'vitest';
import type { Range } from 'vscode-languageserver';
import { inSet } from '../workspace/document.fixture.js';
import { inlayHints } from './inlay-hints.js';
import { MAILER } from './mailer.fixture.js';

const WHOLE: Range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

/** The lines of a file with its hints in them, as an editor shows them; lines without hints are left out. */
function hinted(path: string, text: string, range = WHOLE): string[] {
  const context = inSet({ ...MAILER, [path]: text }, path);
  const hints = inlayHints(context, range).sort((a, b) => b.position.character - a.position.character);
  const lines = text.split('\n');
  for (const { position, label } of hints) {
    const line = lines[position.line] ?? '';
    lines[position.line] = `${line.slice(0, position.character)}«${String(label)}»${line.slice(position.character)}`;
  }
  return lines.filter((line) => line.includes('«')).map((line) => line.trim());
}

describe('inlay hints', () => {
  it('tell when stages begin, how long they refuse, and how many builds a range holds', () => {
    expect(hinted('old.policy.yaml', MAILER['old.policy.yaml'] ?? '')).toEqual([
      `- { fact: server.version, operator: versionIn, value: '<"Mailer 2 SP1"'«3 builds» }`,
      '- { name: report, after: 0d«2026-01-01» }',
      '- { name: slow, after: 30d«2026-01-31», throttle: 5m/h, block: 10m/h«360 min/day» }',
      '- { name: blocked, after: 45d12h«2026-02-15T12:00:00Z», block: always«all day» }',
    ]);
  });

  it('tell no dates where the policy has no beginning', () => {
    const text = 'stages:\n  - name: slow\n    block: 1m/h\n    throttle: 2m/h\n    after: 30d\n';
    expect(hinted('x.policy.yaml', text)).toEqual(['throttle: 2m/h«72 min/day»']);
  });

  it('stand in JSON as well, and in text that is not finished', () => {
    const text = '{ "effective": { "from": "2026-01-01" },\n  "stages": [{ "after": "1w" }, { "after": "2x"';
    expect(hinted('x.policy.json', text)).toEqual(['"stages": [{ "after": "1w"«2026-01-08» }, { "after": "2x"']);
  });

  it('tell builds of the versions of a product', () => {
    expect(hinted('a.builds.yaml', MAILER['a.builds.yaml'] ?? '')).toEqual([
      'versions: 1.x«2 builds»',
      'versions: 2.x«2 builds»',
    ]);
  });

  it('tell nothing of dates beyond the year 9999', () => {
    const text = 'effective: { from: 9999-12-01 }\nstages: [{ name: a, after: 30d }, { name: b, after: 31d }]\n';
    expect(hinted('x.policy.yaml', text)).toEqual([
      'stages: [{ name: a, after: 30d«9999-12-31» }, { name: b, after: 31d }]',
    ]);
  });

  it('are those of the range that is asked for', () => {
    const range = { start: { line: 11, character: 0 }, end: { line: 11, character: 99 } };
    expect(hinted('old.policy.yaml', MAILER['old.policy.yaml'] ?? '', range)).toEqual([
      '- { name: slow, after: 30d«2026-01-31», throttle: 5m/h, block: 10m/h«360 min/day» }',
    ]);
  });
});
