import { differenceToJson } from '../../decision/diff/diff-json.js';
import { formatInstant } from '../../policy/instant.js';
import type { ImpactReport } from './impact-report.js';

/** An impact as JSON text: instants in RFC 3339. */
export function impactJson({ regions, servers, from, until, ...report }: ImpactReport): string {
  const json = {
    ...report,
    ...(from === undefined || until === undefined ? {} : { from: formatInstant(from), until: formatInstant(until) }),
    regions: regions.map(({ difference, ...traffic }) => ({ ...differenceToJson(difference), traffic })),
    servers: servers.map(({ firstChange, lastChange, ...server }) => ({
      ...server,
      firstChange: formatInstant(firstChange),
      lastChange: formatInstant(lastChange),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
