import { readFile } from 'node:fs/promises';
import { type Configuration, readConfiguration } from '../service/configuration.js';
import type { CommandLine } from './command-line.js';
import { UsageError } from './exit-code.js';
import { formatFindings } from './format-findings.js';
import { SLUICE_VERSION } from './sluice-version.js';

/**
 * Loads the configuration of the service for a command.
 *
 * @throws UsageError where it cannot be read or is wrong; what is wrong is then printed
 */
export async function loadConfiguration(file: string, line: CommandLine): Promise<Configuration> {
  const octets = await readFile(file).catch((error: Error) => {
    throw new UsageError(`The configuration cannot be read: ${error.message}`);
  });
  const { configuration, findings } = readConfiguration(file, octets, line.environment);
  if (configuration !== undefined) return configuration;
  line.err(formatFindings('pretty', findings, { colours: false, version: SLUICE_VERSION, files: 1 }));
  throw new UsageError(`The configuration ${file} is wrong`);
}
