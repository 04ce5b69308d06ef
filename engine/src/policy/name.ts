/** Names of policies, stages, connectors, conditions, exemptions and invariants: they stand in logs, metrics and replies. */
export const NAME_PATTERN = '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$';

/** What names are made of, in words. */
export const NAME_RULE =
  'lower-case letters, digits and hyphens were expected, at most 64, a hyphen neither first nor last';

const NAME = new RegExp(NAME_PATTERN);

/** Whether a text can be a name. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The nearest name to a text that is none; undefined where nothing of it can stay. */
export function nearestName(text: string): string | undefined {
  const near = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-|-$/g, '');
  return near === '' ? undefined : near;
}
