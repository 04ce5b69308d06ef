import { factNamed } from '@sluice/engine/policy/fact.js';
import type { Meaning } from '../meaning/meaning.js';
import type { Place } from '../text/positions.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import { explainFact } from './explain-fact.js';
import { explainKey } from './explain-key.js';
import { explainOperator } from './explain-operator.js';
import { type Explained, explainValue } from './explain-value.js';

/** Explains a key or a value at a place in it; undefined where there is nothing to say that does not stand there. */
export function explainMeaning(
  meaning: Meaning,
  place: Place,
  document: PolicyDocument,
  snapshot: FolderSnapshot,
): Explained | undefined {
  const { range } = meaning;
  if (meaning.what === 'value') return explainValue(meaning, place, document, snapshot);
  const text = textOf(meaning);
  return text === undefined ? undefined : { text, range };
}

function textOf(meaning: Exclude<Meaning, { readonly what: 'value' }>): string | undefined {
  if (meaning.what === 'key') return explainKey(meaning.entry.key, meaning.schema, meaning.isRequired);
  const written = String(meaning.node.value);
  if (meaning.what === 'operator') return explainOperator(written, meaning.fact);
  const fact = factNamed(written);
  return fact === undefined ? undefined : explainFact(fact);
}
