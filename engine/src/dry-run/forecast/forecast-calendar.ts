import { createHash } from 'node:crypto';
import type { ForecastReport, ForecastSpan, ServerForecast } from './forecast-report.js';
import { isRefusing } from './forecast-report.js';
import { type CalendarEvent, formatICalendar } from './icalendar.js';
import { minutesWords, treatmentWords } from './treatment-words.js';

/** The stages that servers enter, as a calendar (RFC 5545). */
export function forecastCalendar({ servers, from }: ForecastReport): string {
  const events = servers.flatMap(serverEvents).sort((a, b) => a.at - b.at);
  return formatICalendar({ name: 'Sluice: stages of mail servers', stamp: from, events });
}

function serverEvents(server: ServerForecast): readonly CalendarEvent[] {
  const times = new Map<string, number>();
  return server.spans.slice(1).map((span) => {
    const { policy, stage, exemption, paused, patched } = span;
    const what = [policy, stage, exemption, paused, patched].map((each) => each ?? '');
    const treatment = JSON.stringify([server.connector, server.server, ...what]);
    const time = (times.get(treatment) ?? 0) + 1;
    times.set(treatment, time);
    return eventOf(server, span, uidOf(treatment, time));
  });
}

/** @param time how often the server has come to the stage within the forecast: after a pause, it comes to it again */
function uidOf(treatment: string, time: number): string {
  return `${createHash('sha256').update(`${treatment} ${time}`).digest('hex').slice(0, 32)}@sluice`;
}

function eventOf({ server, connector, version }: ServerForecast, span: ForecastSpan, uid: string): CalendarEvent {
  const minutes = isRefusing(span) ? minutesWords(span) : 'nothing refused';
  const description = [
    `Server ${server} on connector ${connector}, ${version === undefined ? 'version not known' : `version ${version}`}`,
    ...(span.policy === undefined ? [] : [`Policy ${span.policy}, stage ${span.stage ?? ''}`]),
    `From then on: ${minutes}`,
  ];
  return {
    uid,
    at: span.from,
    summary: `${server}: ${treatmentWords(span)} (${minutes})`,
    description: description.join('\n'),
  };
}
