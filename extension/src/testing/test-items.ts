import type { DescribedTest, PolicySetTests } from '@sluice/language-server/protocol';
import { Range, type TestController, type TestItem, type TestRunRequest, Uri, workspace } from 'vscode';

/** A case as the explorer has it: where it is run, and by which name. */
export interface KnownCase {
  readonly item: TestItem;
  /** A file of the policy set. */
  readonly uri: string;
  readonly id: string;
}

/** The tests that the explorer shows: file, test, and case where a test has several. */
export class TestItems {
  readonly #controller: TestController;
  readonly #cases = new Map<TestItem, KnownCase>();
  readonly #filesOfSet = new Map<string, readonly TestItem[]>();
  #shown = '';

  constructor(controller: TestController) {
    this.#controller = controller;
  }

  /** Shows tests; where they are those that it shows already, nothing is touched. */
  show(sets: readonly PolicySetTests[]): void {
    const wanted = JSON.stringify(sets);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#cases.clear();
    this.#filesOfSet.clear();
    for (const { uri: folder, files } of sets) {
      this.#filesOfSet.set(
        folder,
        files.map(({ uri, tests }) => this.#fileItem(uri, tests)),
      );
    }
    this.#controller.items.replace([...this.#filesOfSet.values()].flat());
  }

  /** The files of a policy set. @param folder its URI */
  filesOf(folder: string): readonly TestItem[] {
    return this.#filesOfSet.get(folder) ?? [];
  }

  /** The cases that a run is to have. */
  casesOf({ include, exclude = [] }: Pick<TestRunRequest, 'include' | 'exclude'>): KnownCase[] {
    const roots = include ?? [...this.#controller.items].map(([, item]) => item);
    return roots.flatMap((root) => this.#casesBelow(root, exclude));
  }

  /** The items of the same ids, as far as they are still there. */
  again(items: readonly TestItem[] | undefined): TestItem[] | undefined {
    if (items === undefined) return undefined;
    const wanted = new Set(items.map(({ id }) => id));
    const found = (all: Iterable<[string, TestItem]>): TestItem[] =>
      [...all].flatMap(([id, item]) => (wanted.has(id) ? [item] : found(item.children)));
    return found(this.#controller.items);
  }

  #casesBelow(item: TestItem, exclude: readonly TestItem[]): KnownCase[] {
    if (exclude.includes(item)) return [];
    const own = this.#cases.get(item);
    const below = [...item.children].flatMap(([, child]) => this.#casesBelow(child, exclude));
    return own === undefined ? below : [own, ...below];
  }

  #fileItem(uri: string, found: readonly DescribedTest[]): TestItem {
    const file = Uri.parse(uri);
    const item = this.#controller.createTestItem(uri, workspace.asRelativePath(file), file);
    item.children.replace(found.map((test) => this.#testItem(uri, test)));
    return item;
  }

  #testItem(uri: string, { name, description, location, cases }: DescribedTest): TestItem {
    const item = this.#item(`${uri} ${name}`, name, location);
    if (description !== undefined) item.description = description;
    const [first, ...others] = cases;
    if (first !== undefined && others.length === 0 && first.label === '') {
      this.#cases.set(item, { item, uri, id: first.id });
      return item;
    }
    item.children.replace(
      cases.map((each) => {
        const child = this.#item(`${uri} ${each.id}`, each.label, each.location);
        this.#cases.set(child, { item: child, uri, id: each.id });
        return child;
      }),
    );
    return item;
  }

  #item(id: string, label: string, { uri, range: { start, end } }: DescribedTest['location']): TestItem {
    const item = this.#controller.createTestItem(id, label, Uri.parse(uri));
    item.range = new Range(start.line, start.character, end.line, end.character);
    return item;
  }
}
