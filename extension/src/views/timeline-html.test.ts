import type { PolicyTimeline, Timeline } from '@sluice/language-server/protocol';
import { describe, expect, it } from 'vitest';
import { timelineHtml } from './timeline-html.js';

const location = {
  uri: 'file:///p/a.policy.yaml',
  range: { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } },
};

const POLICY: PolicyTimeline = {
  name: 'old',
  mode: 'enforce',
  effectiveFrom: '2026-09-01T00:00:00Z',
  location,
  stages: [
    { name: 'report', fromDay: 0, untilDay: 30, throttleMinutes: 0, blockMinutes: 0, location },
    {
      name: 'slow',
      fromDay: 30,
      untilDay: 60,
      throttleMinutes: 30,
      blockMinutes: 15,
      throttleReply: '450 4.7.1 <slow>',
      blockReply: '550 5.7.1 no',
      location,
    },
    { name: 'blocked', fromDay: 60, throttleMinutes: 0, blockMinutes: 60, blockReply: '550 5.7.1 no', location },
  ],
};
const TIMELINE: Timeline = {
  now: '2026-10-01T00:00:00Z',
  policies: [POLICY],
  exemptions: [
    {
      name: 'lab',
      reason: 'moves & shakes',
      grantedBy: 'CISO',
      until: '2026-09-30T00:00:00Z',
      hasEnded: true,
      location,
    },
  ],
};

function rowsOf(text: string): string[] {
  return [...text.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('the timeline', () => {
  it('lists the stages with days, dates, minutes and replies', () => {
    expect(rowsOf(timelineHtml(TIMELINE).text)).toEqual([
      'stage days 450 550 what a sender reads',
      'report days 0–30 not before 2026-09-01 – – –',
      'slow days 30–60 not before 2026-10-01 30 min/h 15 min/h 450 4.7.1 &lt;slow&gt; 550 5.7.1 no',
      'blocked from day 60 on not before 2026-10-31 – always 550 5.7.1 no',
      'exemption until why granted by',
      'lab 2026-09-30 (ended) moves &amp; shakes CISO',
    ]);
  });

  it('draws bars as high as the minutes, the block above the throttle, and today where it is', () => {
    const { text } = timelineHtml(TIMELINE);
    // 72 days are 760 wide, 60 minutes 120 high.
    expect(text).toContain('<rect class="throttle" x="316.67" y="60" width="316.66" height="60"/>');
    expect(text).toContain('<rect class="block" x="316.67" y="30" width="316.66" height="30"/>');
    expect(text).toContain('<line class="today" x1="316.67"');
  });

  it('leads to the lines', () => {
    expect(timelineHtml(TIMELINE).text).toContain(
      '<a href="#" data-uri="file:///p/a.policy.yaml" data-line="4">slow</a>',
    );
  });

  it('says where there is nothing to show', () => {
    expect(timelineHtml({ ...TIMELINE, policies: [] }).text).toContain('No policy of this set can be read yet');
  });
});
