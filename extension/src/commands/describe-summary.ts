import type { PolicySetSummary } from '@sluice/language-server/protocol';

/** How a policy set stands, in a sentence short enough for a notification. */
export function describeSummary(name: string, { policies, errors, warnings, infos }: PolicySetSummary): string {
  const counts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'note')];
  return `${name}: ${counted(policies, 'policy', 'policies')}, ${counts.join(', ')}.`;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
