/** What a finding says of a version that YAML read as a number. */
export const UNQUOTED_VERSION_MESSAGE =
  'Without quotes YAML reads this version as a number, and loses what a number cannot keep (15.10 becomes 15.1).';

/** How to write the version instead; `raw` is its text in the file. */
export function unquotedVersionHint(raw: string): string {
  return `Put it in quotes: "${raw}".`;
}
