import type { CodeLens, Command, Location } from 'vscode-languageserver';
import { counted } from '../explain/words.js';
import type { Occurrence, SymbolKind } from '../symbols/occurrence.js';
import { namesIn, placeOf } from '../symbols/symbol-index.js';
import { toLspRange } from '../text/positions.js';
import type { KnownTraffic } from '../traffic/traffic-of-folders.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { trafficCommand } from './traffic-lens.js';

/** Kinds whose declarations tell how often they are referred to; of some only where they are. */
const COUNTED: Partial<Record<SymbolKind, 'always' | 'where used'>> = {
  connector: 'always',
  condition: 'always',
  policy: 'where used',
  stage: 'where used',
};

/** Kinds that decide, and so have traffic. */
const DECIDING: ReadonlySet<SymbolKind> = new Set(['policy', 'exemption']);

/**
 * What can be done with a policy, what traffic it meets, and how often names are referred to.
 *
 * @param hasCommands whether the client has the commands `sluice.…`; without them the numbers are told, and nothing can be clicked
 * @param traffic what the last dry run has shown, where there was one
 */
export function codeLenses(context: DocumentInSet, hasCommands: boolean, traffic?: KnownTraffic): CodeLens[] {
  const declared = namesIn(context.document).filter(({ role }) => role === 'declaration');
  const references = referencesTo(context, declared);
  return declared.flatMap((declaration) => {
    const range = toLspRange(placeOf(declaration).range);
    const actions = hasCommands && declaration.kind === 'policy' ? policyCommands(context, declaration) : [];
    const met =
      traffic !== undefined && DECIDING.has(declaration.kind)
        ? [trafficCommand(traffic, declaration, context.document.uri, hasCommands)]
        : [];
    const places = references.get(keyOf(declaration)) ?? [];
    const wanted = COUNTED[declaration.kind];
    const isTold = wanted === 'always' || (wanted === 'where used' && places.length > 0);
    const told = isTold ? [countCommand(context, declaration, places, hasCommands)] : [];
    return [...actions, ...met, ...told].map((command) => ({ range, command }));
  });
}

function policyCommands({ document: { uri } }: DocumentInSet, { name }: Occurrence): Command[] {
  return [
    { title: 'Explain a decision', command: 'sluice.explain', arguments: [uri, name] },
    { title: 'Show timeline', command: 'sluice.showTimeline', arguments: [uri] },
    { title: 'Compare with HEAD', command: 'sluice.compare', arguments: [uri, 'HEAD'] },
  ];
}

function countCommand(
  { document }: DocumentInSet,
  declaration: Occurrence,
  places: readonly Location[],
  hasCommands: boolean,
): Command {
  const title = places.length === 0 ? 'no references' : counted(places.length, 'reference');
  if (!hasCommands || places.length === 0) return { title, command: '' };
  const { start } = toLspRange(placeOf(declaration).range);
  return { title, command: 'sluice.showReferences', arguments: [document.uri, start, places] };
}

/** Where the names of a document are referred to, by {@link keyOf}; one walk over the policy set for all of them. */
function referencesTo(
  { folder, snapshot }: DocumentInSet,
  declared: readonly Occurrence[],
): ReadonlyMap<string, Location[]> {
  const found = new Map<string, Location[]>();
  for (const each of declared) if (COUNTED[each.kind] !== undefined) found.set(keyOf(each), []);
  if (found.size === 0) return found;
  for (const document of snapshot.documents) {
    for (const name of namesIn(document)) {
      if (name.role !== 'reference' || COUNTED[name.kind] === undefined) continue;
      const { file, range } = placeOf(name);
      found.get(keyOf(name))?.push({ uri: folder.uriOf(file), range: toLspRange(range) });
    }
  }
  return found;
}

function keyOf({ kind, name, scope = '' }: Occurrence): string {
  return JSON.stringify([kind, name, scope]);
}
