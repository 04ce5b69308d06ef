import type { ClientCapabilities, CompletionItem } from 'vscode-languageserver';

/**
 * Keeps back what explains completions until the client asks for it, which it does for the one that is chosen. The explanations
 * are most of what a list weighs.
 */
export class CompletionDocumentation {
  #list = 0;
  #withheld: readonly CompletionItem['documentation'][] = [];

  /** The items without their documentation. */
  withhold(items: readonly CompletionItem[]): CompletionItem[] {
    const list = ++this.#list;
    this.#withheld = items.map(({ documentation }) => documentation);
    return items.map(({ documentation: _documentation, ...item }, index) => ({ ...item, data: [list, index] }));
  }

  /** The item with its documentation; without it where the item is of an earlier list, which no client shows any more. */
  resolve(item: CompletionItem): CompletionItem {
    const [list, index] = Array.isArray(item.data) ? item.data : [];
    const documentation = list === this.#list ? this.#withheld[Number(index)] : undefined;
    return documentation === undefined ? item : { ...item, documentation };
  }
}

/** Whether the client asks for the documentation of the item that is chosen. */
export function resolvesDocumentation({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.completion?.completionItem?.resolveSupport?.properties.includes('documentation') === true;
}
