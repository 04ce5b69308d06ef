import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Found by the engine's package, so that it holds for these files as they stand and as they are built. */
const ENGINE = dirname(dirname(createRequire(import.meta.url).resolve('@sluice/engine')));

/** The sample policy set. */
export const SAMPLE_POLICIES = join(dirname(ENGINE), 'policies');
/** The command `sluice` as it is installed. */
export const SLUICE_COMMAND = join(ENGINE, 'bin', 'sluice.js');
/** The language server as it is installed. */
export const LANGUAGE_SERVER = join(dirname(ENGINE), 'language-server', 'bin', 'sluice-language-server.js');
/** The JSON Schemas of the kinds of policy files. */
export const SCHEMAS = join(ENGINE, 'schemas');
