import type { Treatment } from './forecast-report.js';

/** What a server meets, for a reader: `throttle-10`, `exemption fax`, `accepted`. */
export function treatmentWords({ policy, stage, mode, exemption, paused, patched }: Treatment): string {
  if (patched) return 'patched';
  if (exemption !== undefined) return `exemption ${exemption}`;
  if (policy === undefined || stage === undefined) return 'no policy';
  const why = [...(mode === 'report' ? ['report only'] : []), ...(paused ? ['paused'] : [])].join(', ');
  return why === '' ? stage : `${stage} (${why})`;
}

/** The refused minutes of an hour: `450 for 30, 550 for 5 minutes of every hour`. */
export function minutesWords({ throttle, block }: Pick<Treatment, 'throttle' | 'block'>): string {
  if (block >= 60) return '550 always';
  if (throttle >= 60) return '450 always';
  const parts = [...(throttle > 0 ? [`450 for ${throttle}`] : []), ...(block > 0 ? [`550 for ${block}`] : [])];
  return parts.length === 0 ? 'nothing refused' : `${parts.join(', ')} minutes of every hour`;
}
