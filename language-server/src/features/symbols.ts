import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import {
  type DocumentSymbol,
  SymbolKind as LspSymbolKind,
  type Range,
  type WorkspaceSymbol,
} from 'vscode-languageserver';
import type { Occurrence, SymbolKind } from '../symbols/occurrence.js';
import { namesIn, placeOf } from '../symbols/symbol-index.js';
import { comparePlaces, toLspRange } from '../text/positions.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** Most symbols that one query of the workspace gives. */
const MAX_WORKSPACE_SYMBOLS = 500;

const LSP_KINDS: Readonly<Record<SymbolKind, LspSymbolKind>> = {
  policy: LspSymbolKind.Class,
  stage: LspSymbolKind.EnumMember,
  connector: LspSymbolKind.Interface,
  condition: LspSymbolKind.Function,
  exemption: LspSymbolKind.Event,
  invariant: LspSymbolKind.Property,
  product: LspSymbolKind.Package,
  build: LspSymbolKind.Constant,
  anchor: LspSymbolKind.Variable,
};

/** What a document declares; stages below their policy, builds below their product. */
export function documentSymbols({ document }: DocumentInSet): DocumentSymbol[] {
  const roots: DocumentSymbol[] = [];
  const open: DocumentSymbol[] = [];
  for (const declaration of namesIn(document).filter(({ role }) => role === 'declaration')) {
    const symbol = symbolOf(declaration, document);
    while (open.length > 0 && !holds(open.at(-1)?.range, symbol.range)) open.pop();
    const siblings = open.at(-1)?.children ?? roots;
    siblings.push(symbol);
    open.push(symbol);
  }
  return roots;
}

/** What the policy sets declare, by a part of its name; each letter of the query has to come in order, as editors do it. */
export function workspaceSymbols(folders: readonly PolicyFolder[], query: string): WorkspaceSymbol[] {
  const symbols: WorkspaceSymbol[] = [];
  for (const folder of folders) {
    for (const document of folder.snapshot.documents) {
      for (const declaration of namesIn(document)) {
        if (declaration.role !== 'declaration' || !isFuzzyMatch(declaration.name, query)) continue;
        const { file, range } = placeOf(declaration);
        const location = { uri: folder.uriOf(file), range: toLspRange(range) };
        const { name, kind } = declaration;
        symbols.push({ name, kind: LSP_KINDS[kind], location, containerName: document.path });
        if (symbols.length >= MAX_WORKSPACE_SYMBOLS) return symbols;
      }
    }
  }
  return symbols;
}

function symbolOf(declaration: Occurrence, document: PolicyDocument): DocumentSymbol {
  const { kind, name } = declaration;
  const selectionRange = toLspRange(placeOf(declaration).range);
  const owner = document.root === undefined ? undefined : mapWith(document.root, declaration.node);
  const range = owner === undefined ? selectionRange : toLspRange(owner.range);
  // Editors refuse a symbol without a name; an empty one is half typed.
  return {
    name: name === '' ? '(no name)' : name,
    kind: LSP_KINDS[kind],
    detail: kind,
    range,
    selectionRange,
    children: [],
  };
}

/** The map in which a value stands. */
function mapWith(node: DocumentNode, value: DocumentNode): DocumentNode | undefined {
  if (comparePlaces(node.range.start, value.range.start) > 0 || comparePlaces(value.range.end, node.range.end) > 0) {
    return undefined;
  }
  if (node.kind === 'scalar') return undefined;
  const parts = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value);
  if (node.kind === 'map' && parts.includes(value)) return node;
  for (const part of parts) {
    const found = mapWith(part, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds(outer: Range | undefined, inner: Range): boolean {
  if (outer === undefined) return false;
  const { start, end } = inner;
  const beginsBefore =
    outer.start.line < start.line || (outer.start.line === start.line && outer.start.character <= start.character);
  return (
    beginsBefore && (outer.end.line > end.line || (outer.end.line === end.line && outer.end.character >= end.character))
  );
}

function isFuzzyMatch(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = name.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
