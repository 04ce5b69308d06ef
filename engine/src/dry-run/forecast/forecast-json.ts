import { formatInstant } from '../../policy/instant.js';
import type { DayForecast, ForecastReport, ServerForecast } from './forecast-report.js';

const INSTANTS: ReadonlySet<string> = new Set(['from', 'until', 'firstDetected', 'lastSeen', 'day'] satisfies (
  | keyof ForecastReport
  | keyof ServerForecast
  | keyof DayForecast
)[]);

/** A forecast as JSON text: instants in RFC 3339; minutes and messages to three places after the point. */
export function forecastJson(report: ForecastReport): string {
  const readable = (key: string, value: unknown) => {
    if (typeof value !== 'number') return value;
    return INSTANTS.has(key) ? formatInstant(value as never) : Math.round(value * 1000) / 1000;
  };
  return `${JSON.stringify(report, readable, 2)}\n`;
}
