import { differenceToJson } from '../../decision/diff/diff-json.js';
import { formatInstant } from '../../policy/instant.js';
import type { ImpactReport } from './impact-report.js';

/** An impact in its JSON form: instants in RFC 3339. */
export function impactToJson({ regions, servers, from, until, ...report }: ImpactReport): object {
  return {
    ...report,
    ...(from === undefined || until === undefined ? {} : { from: formatInstant(from), until: formatInstant(until) }),
    regions: regions.map(({ difference, ...traffic }) => ({ ...differenceToJson(difference), traffic })),
    servers: servers.map(({ firstChange, lastChange, ...server }) => ({
      ...server,
      firstChange: formatInstant(firstChange),
      lastChange: formatInstant(lastChange),
    })),
  };
}
