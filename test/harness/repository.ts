import { fileURLToPath } from 'node:url';

/** Root folder of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
/** The command `sluice` as it is installed. */
export const SLUICE = `${REPOSITORY}/engine/bin/sluice.js`;
/** The sample policy set. */
export const SAMPLE_POLICIES = `${REPOSITORY}/policies`;
/** A message of the sample traffic. */
export function sampleMessage(name: string): string {
  return `${SAMPLE_POLICIES}/traffic/${name}.eml`;
}
/** The language server as it is installed. */
export const LANGUAGE_SERVER = `${REPOSITORY}/language-server/bin/sluice-language-server.js`;
