import type { FactDefinition } from '@sluice/engine/policy/fact.js';
import { formatInstant } from '@sluice/engine/policy/instant.js';
import type { OperandKind } from '@sluice/engine/policy/operand.js';
import { INTERNET_CONNECTOR_NAME } from '@sluice/engine/policy/policy-set.js';
import { formatVersion } from '@sluice/engine/policy/version.js';
import type { Written } from '../edits/written.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';

/** A right side of a comparison to begin with, which is to be replaced. */
export function sampleOperand(kind: OperandKind, fact: FactDefinition, snapshot: FolderSnapshot): Written {
  switch (kind) {
    case 'version-range':
      return newestBuild(snapshot);
    case 'instant':
      return formatInstant(snapshot.now).slice(0, 'yyyy-mm-dd'.length);
    case 'duration':
      return '30d';
    case 'networks':
      return '192.0.2.0/24';
    case 'domains':
      return 'example.org';
    case 'pattern':
      return '^mail';
    case 'text':
      return 'mail';
    case 'value':
      return sampleValue(fact, snapshot);
    case 'values':
      return [sampleValue(fact, snapshot)];
    case 'number':
      return 1;
    case 'boolean':
      return true;
  }
}

function newestBuild({ reading }: FolderSnapshot): string {
  const newest = reading.sound.catalogue.products.at(-1)?.builds.at(-1);
  return newest === undefined ? '<1.0' : `<${formatVersion(newest.version)}`;
}

function sampleValue({ name, type, values }: FactDefinition, { reading }: FolderSnapshot): Written {
  if (type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'domain') return 'example.org';
  if (name === 'connector.name') return reading.sound.connectors[0]?.name ?? INTERNET_CONNECTOR_NAME;
  return values?.[0] ?? 'text';
}
