import type { MapEntry, ScalarNode } from '@sluice/engine/policy/document-node.js';
import type { FactDefinition } from '@sluice/engine/policy/fact.js';
import type { Grammar, Schema } from '@sluice/engine/policy/schema.js';
import type { SourceRange } from '@sluice/engine/policy/source.js';

/** How the text of a value is read: a grammar of the schema's, or one that only the right side of a comparison has. */
export type ValueGrammar = Grammar | 'domain' | 'pattern' | 'enum';

/** What a key or a value of a document is. Names are not among them: see `symbols/`. */
export type Meaning =
  | {
      readonly what: 'key';
      readonly entry: MapEntry;
      readonly schema: Schema;
      readonly isRequired: boolean;
      readonly range: SourceRange;
    }
  | { readonly what: 'fact'; readonly node: ScalarNode; readonly range: SourceRange }
  | {
      readonly what: 'operator';
      readonly node: ScalarNode;
      /** The fact on its left side, where it is known. */
      readonly fact?: FactDefinition;
      readonly range: SourceRange;
    }
  | {
      readonly what: 'value';
      readonly node: ScalarNode;
      readonly grammar?: ValueGrammar;
      /** Absent for the right side of a comparison. */
      readonly schema?: Schema;
      /** The fact that it is compared with. */
      readonly fact?: FactDefinition;
      readonly range: SourceRange;
    };
