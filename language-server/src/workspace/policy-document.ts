import type { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import type { DocumentNode } from '@sluice/engine/policy/document-node.js';
import { type FileKind, fileKindOf } from '@sluice/engine/policy/file-kind.js';
import { readDraft } from '@sluice/engine/policy/read-document.js';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** A policy file as an editor sees it: its text, and what can be made of that. Never changes; an edit makes a new one. */
export class PolicyDocument {
  /** Path relative to the policy folder, with `/`. */
  readonly path: string;
  readonly uri: string;
  readonly kind: FileKind;
  readonly content: Uint8Array;
  /** The version that the editor counts; absent where the file is not open. */
  readonly version: number | undefined;
  readonly #cache: DocumentCache;
  #text: TextDocument | undefined;
  #root: { readonly value: DocumentNode | undefined } | undefined;

  constructor(path: string, uri: string, content: Uint8Array, cache: DocumentCache, open?: TextDocument) {
    const kind = fileKindOf(path);
    if (kind === undefined) throw new Error(`${path} is no policy file`);
    this.path = path;
    this.uri = uri;
    this.kind = kind;
    this.content = content;
    this.#cache = cache;
    this.version = open?.version;
    if (open !== undefined) this.#text = frozen(open);
  }

  get isJson(): boolean {
    return this.path.endsWith('.json');
  }

  get text(): TextDocument {
    this.#text ??= TextDocument.create(this.uri, languageOf(this.path), 0, new TextDecoder().decode(this.content));
    return this.#text;
  }

  /** What can be made of the text, half-typed as it may be. */
  get root(): DocumentNode | undefined {
    this.#root ??= { value: this.#readRoot() };
    return this.#root.value;
  }

  /** Of a file without faults, the check of the whole set has read the same. */
  #readRoot(): DocumentNode | undefined {
    const { root } = this.#cache.read(this.path, this.kind, this.content);
    // To LSP a lone CR ends a line, to the engine, which refuses it, it does not: places would differ.
    return root ?? readDraft(this.path, this.text.getText().replace(/\r(?!\n)/g, '\n'));
  }
}

/** The editor's text document changes under one's hands. */
function frozen(open: TextDocument): TextDocument {
  return TextDocument.create(open.uri, open.languageId, open.version, open.getText());
}

function languageOf(path: string): string {
  return path.endsWith('.json') ? 'json' : 'yaml';
}
