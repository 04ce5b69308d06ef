import type { PolicyTimeline, Timeline, TimelineExemption, TimelineStage } from '@sluice/language-server/protocol';
import { type Html, html } from './html.js';

const DAY_MILLIS = 86_400_000;
const HOUR_MINUTES = 60;
const WIDTH = 760;
const HEIGHT = 120;

/** The page of a policy set: for each policy its stages over days and what senders read, then the exemptions. */
export function timelineHtml({ now, policies, exemptions }: Timeline): Html {
  if (policies.length === 0) {
    return html`<h1>Timeline</h1><p>No policy of this set can be read yet; the Problems view says why.</p>`;
  }
  return html`<h1>Timeline</h1>
<p class="legend"><span class="key throttle"></span> minutes of every hour with 450
<span class="key block"></span> with 550 <span class="key today"></span> today, for a server that was there from the beginning</p>
${policies.map((policy) => policyHtml(policy, now))}
<h2>Exemptions</h2>
${exemptions.length === 0 ? html`<p>None.</p>` : exemptionsHtml(exemptions)}`;
}

function policyHtml(policy: PolicyTimeline, now: string): Html {
  const { name, description, mode, effectiveFrom, effectiveUntil, stages, location } = policy;
  const notes = [
    mode === 'enforce' ? undefined : mode === 'report' ? 'reports only, refuses nothing' : 'off',
    effectiveFrom === undefined ? undefined : `from ${dateOf(effectiveFrom)}`,
    effectiveUntil === undefined ? undefined : `until ${dateOf(effectiveUntil)}`,
  ].filter((note) => note !== undefined);
  return html`<section class="policy mode-${mode}">
<h2>${link(location, name)}${notes.length > 0 && html` <small>${notes.join(', ')}</small>`}</h2>
${description !== undefined && html`<p>${description}</p>`}
${chart(policy, now)}
<table>
<caption class="hidden">Stages of ${name}</caption>
<thead><tr><th scope="col">stage</th><th scope="col">days</th><th scope="col">450</th><th scope="col">550</th>
<th scope="col">what a sender reads</th></tr></thead>
<tbody>${stages.map((stage) => stageRow(stage, effectiveFrom))}</tbody>
</table>
</section>`;
}

function stageRow(stage: TimelineStage, effectiveFrom: string | undefined): Html {
  const { name, fromDay, untilDay, throttleMinutes, blockMinutes, throttleReply, blockReply, location } = stage;
  const date = effectiveFrom === undefined ? undefined : dateOf(dayAfter(effectiveFrom, fromDay));
  const replies = [throttleReply, blockReply].filter((reply) => reply !== undefined);
  return html`<tr>
<th scope="row">${link(location, name)}</th>
<td>${daysText(fromDay, untilDay)}${date !== undefined && html`<br><small>not before <time>${date}</time></small>`}</td>
<td class="minutes">${minutesText(throttleMinutes)}</td>
<td class="minutes">${minutesText(blockMinutes)}</td>
<td>${replies.length === 0 ? '–' : replies.map((reply) => html`<code>${reply}</code>`)}</td>
</tr>`;
}

/** Bars for the stages: how wide, how long; how high, how many minutes of an hour. */
function chart({ name, stages, effectiveFrom }: PolicyTimeline, now: string): Html {
  const lastDay = stages.at(-1)?.fromDay ?? 0;
  const days = Math.max(10, lastDay * 1.2);
  const x = (day: number) => round((day / days) * WIDTH);
  const y = (minutes: number) => round((minutes / HOUR_MINUTES) * HEIGHT);
  const bars = stages.map((stage) => {
    const { fromDay, untilDay = days, throttleMinutes, blockMinutes } = stage;
    const [left, width] = [x(fromDay), round(x(untilDay) - x(fromDay))];
    const [throttle, block] = [y(throttleMinutes), y(blockMinutes)];
    return html`<g class="stage"><title>${stage.name}: ${daysText(fromDay, stage.untilDay)}, 450 ${minutesText(throttleMinutes)}, 550 ${minutesText(blockMinutes)}</title>
<rect class="free" x="${left}" y="0" width="${width}" height="${HEIGHT}"/>
<rect class="throttle" x="${left}" y="${round(HEIGHT - throttle)}" width="${width}" height="${throttle}"/>
<rect class="block" x="${left}" y="${round(HEIGHT - throttle - block)}" width="${width}" height="${block}"/>
<text x="${left + 3}" y="${HEIGHT + 14}">${Math.round(fromDay)}</text></g>`;
  });
  const today = effectiveFrom === undefined ? undefined : (Date.parse(now) - Date.parse(effectiveFrom)) / DAY_MILLIS;
  const isInSight = today !== undefined && today >= 0 && today <= days;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 20}" role="img" aria-label="Minutes of refusals an hour over ${Math.round(days)} days by ${name}">
${bars}
${isInSight && html`<line class="today" x1="${x(today)}" y1="0" x2="${x(today)}" y2="${HEIGHT}"/>`}
<text class="unit" x="${WIDTH - 30}" y="${HEIGHT + 14}">days</text>
</svg>`;
}

function exemptionsHtml(exemptions: readonly TimelineExemption[]): Html {
  return html`<table><thead><tr><th scope="col">exemption</th><th scope="col">until</th><th scope="col">why</th>
<th scope="col">granted by</th></tr></thead>
<tbody>${exemptions.map(
    ({
      name,
      reason,
      grantedBy,
      from,
      until,
      hasEnded,
      location,
    }) => html`<tr class="${hasEnded ? 'ended' : 'running'}">
<th scope="row">${link(location, name)}</th>
<td>${from !== undefined && html`${dateOf(from)} – `}${dateOf(until)}${hasEnded && html` <strong>(ended)</strong>`}</td>
<td>${reason}</td><td>${grantedBy}</td></tr>`,
  )}</tbody></table>`;
}

/** A link into the editor; lines count from 0. */
export function link({ uri, range }: PolicyTimeline['location'], text: string): Html {
  return html`<a href="#" data-uri="${uri}" data-line="${range.start.line}">${text}</a>`;
}

function daysText(fromDay: number, untilDay: number | undefined): string {
  return untilDay === undefined ? `from day ${round(fromDay)} on` : `days ${round(fromDay)}–${round(untilDay)}`;
}

function minutesText(minutes: number): string {
  if (minutes === 0) return '–';
  return minutes === HOUR_MINUTES ? 'always' : `${minutes} min/h`;
}

function dayAfter(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * DAY_MILLIS).toISOString();
}

function dateOf(instant: string): string {
  return instant.slice(0, 10);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
