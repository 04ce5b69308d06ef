import { formatInstant } from '../../policy/instant.js';
import { csvLine } from '../csv-line.js';
import { type ForecastReport, type ForecastSpan, isRefusing, type ServerForecast } from './forecast-report.js';

const COLUMNS = [
  'server',
  'connector',
  'version',
  'firstDetected',
  'from',
  'until',
  'policy',
  'stage',
  'mode',
  'exemption',
  'paused',
  'patched',
  'throttle',
  'block',
  'refuses',
] as const;

/** The spans of all servers as CSV, one a line; minutes of every hour. */
export function forecastCsv({ servers }: ForecastReport): string {
  const lines = servers.flatMap((server) => server.spans.map((span) => spanLine(server, span)));
  return [csvLine(COLUMNS), ...lines].join('');
}

function spanLine({ server, connector, version, firstDetected }: ServerForecast, span: ForecastSpan): string {
  const values: Readonly<Record<(typeof COLUMNS)[number], string | number | boolean | undefined>> = {
    server,
    connector,
    version,
    firstDetected: firstDetected === undefined ? undefined : formatInstant(firstDetected),
    from: formatInstant(span.from),
    until: formatInstant(span.until),
    policy: span.policy,
    stage: span.stage,
    mode: span.mode,
    exemption: span.exemption,
    paused: span.paused,
    patched: span.patched,
    throttle: span.throttle,
    block: span.block,
    refuses: isRefusing(span),
  };
  return csvLine(COLUMNS.map((column) => values[column]));
}
