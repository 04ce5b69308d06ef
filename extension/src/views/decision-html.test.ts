import type { ExplainResult } from '@sluice/language-server/protocol';
import { describe, expect, it } from 'vitest';
import { answerHtml, decisionFormHtml } from './decision-html.js';

const location = {
  uri: 'file:///p/a%20b.policy.yaml',
  range: { start: { line: 6, character: 0 }, end: { line: 6, character: 0 } },
};

const ANSWER: ExplainResult = {
  decision: {
    action: 'throttle',
    policy: 'old',
    stage: 'slow',
    reply: { code: 450, status: '4.7.230', text: 'Slow <down>' },
    revision: 'r',
  },
  facts: {},
  rules: [
    {
      kind: 'policy',
      name: 'old',
      holds: true,
      decides: true,
      location,
      lines: [
        { depth: 0, text: 'all', result: true, location },
        { depth: 1, text: 'server.version versionIn <15.1', result: true, factValue: '15.0', location },
      ],
    },
    { kind: 'policy', name: 'other', holds: false, decides: false, note: 'off', lines: [], location },
  ],
};

describe('the answer', () => {
  it('shows action, reply and the trace with its lines, escaped', () => {
    const { text } = answerHtml(ANSWER);
    expect(text).toContain('<h2 class="action throttle">throttle</h2>');
    expect(text).toContain('<dd>450 4.7.230 Slow &lt;down&gt;</dd>');
    expect(text).toContain('<code>server.version versionIn &lt;15.1</code> <small>is 15.0</small>');
    expect(text).toContain('data-line="6">a b.policy.yaml:7</a>');
    expect(text).toContain('<details class="rule decides" open>');
    expect(text).toContain('<strong>other</strong>: off');
  });

  it('shows a problem instead', () => {
    expect(answerHtml({ problem: 'No <fact>' }).text).toBe('<p class="problem" role="alert">No &lt;fact&gt;</p>');
  });
});

describe('the form', () => {
  it('has a labelled field for each fact, with its values', () => {
    const { text } = decisionFormHtml([
      { name: 'helo', type: 'domain', origin: 'connection', description: 'Name in HELO.' },
      { name: 'connector.type', type: 'enum', origin: 'derived', description: 'Type.', values: ['Partner'] },
      { name: 'tls.verified', type: 'boolean', origin: 'connection', description: 'Verified.' },
    ]);
    expect(text).toContain('<label for="fact-helo" title="Name in HELO.">helo</label>');
    expect(text).toContain('<datalist id="fact-connector.type-values"><option value="Partner"></datalist>');
    expect(text).toContain('list="fact-tls.verified-values"');
  });
});
