import {
  type CaseResult,
  type DescribedTest,
  RunTestsRequest,
  TestsChangedNotification,
  TestsRequest,
} from '@sluice/language-server/protocol';
import {
  type CancellationToken,
  Disposable,
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  Uri,
  workspace,
} from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';

/** A case as the explorer has it: where it is run, and by which name. */
interface KnownCase {
  readonly item: TestItem;
  /** A file of the policy set. */
  readonly uri: string;
  readonly id: string;
}

/** Shows the tests of policies, and runs them on the policies as they are in the editor. */
export class TestExplorer implements Disposable {
  readonly #client: PolicyClient;
  readonly #controller: TestController;
  readonly #cases = new Map<TestItem, KnownCase>();
  readonly #continuous = new Set<TestRunRequest>();
  readonly #registrations: Disposable;

  constructor(client: PolicyClient) {
    this.#client = client;
    this.#controller = tests.createTestController('sluice', 'Sluice policies');
    this.#controller.refreshHandler = () => this.refresh();
    const run = (request: TestRunRequest, token: CancellationToken) =>
      request.continuous ? this.#begin(request, token) : this.#run(request, token);
    const profile = this.#controller.createRunProfile('Run', TestRunProfileKind.Run, run, true, undefined, true);
    const changes = client.connection.onNotification(TestsChangedNotification, () => this.#takeChange());
    this.#registrations = Disposable.from(profile, changes, this.#controller);
  }

  /** Asks for the tests that there are; from then on the server tells of changes. */
  async refresh(): Promise<void> {
    const sets = await this.#client.connection.sendRequest(TestsRequest, {});
    this.#cases.clear();
    this.#controller.items.replace(
      sets.flatMap(({ files }) => files.map(({ uri, tests: found }) => this.#fileItem(uri, found))),
    );
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

  #item(id: string, label: string, location: DescribedTest['location']): TestItem {
    const { uri, range } = this.#client.connection.protocol2CodeConverter.asLocation(location);
    const item = this.#controller.createTestItem(id, label, uri);
    item.range = range;
    return item;
  }

  async #run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(request);
    try {
      const wanted = this.#casesOf(request);
      for (const { item } of wanted) run.started(item);
      for (const uri of new Set(wanted.map((each) => each.uri))) {
        const ofFile = wanted.filter((each) => each.uri === uri);
        await this.#runFile(run, uri, ofFile, token);
      }
    } finally {
      run.end();
    }
  }

  async #runFile(run: TestRun, uri: string, cases: readonly KnownCase[], token: CancellationToken): Promise<void> {
    const ids = cases.map(({ id }) => id);
    const outcome = await this.#client.connection.sendRequest(RunTestsRequest, { uri, ids }, token);
    if (outcome === null || 'problem' in outcome) {
      const message = new TestMessage(outcome?.problem ?? 'The policy set is no longer there.');
      for (const { item } of cases) run.errored(item, message);
      return;
    }
    const results = new Map(outcome.results.map((result) => [result.id, result]));
    for (const { item, id } of cases) this.#tell(run, item, results.get(id));
  }

  #tell(run: TestRun, item: TestItem, result: CaseResult | undefined): void {
    if (result === undefined) {
      run.skipped(item);
      return;
    }
    run.appendOutput(`${result.failures.length === 0 ? '✓' : '✗'} ${item.label}: ${result.what}\r\n`, undefined, item);
    if (result.failures.length === 0) {
      run.passed(item);
      return;
    }
    const { protocol2CodeConverter: converter } = this.#client.connection;
    run.failed(
      item,
      result.failures.map(({ part, expected, actual, location }) => {
        const message = TestMessage.diff(`${part}: expected ${expected}, got ${actual}`, expected, actual);
        message.location = converter.asLocation(location);
        return message;
      }),
    );
  }

  #casesOf({ include, exclude = [] }: TestRunRequest): KnownCase[] {
    const roots = include ?? [...this.#controller.items].map(([, item]) => item);
    return roots.flatMap((root) => this.#casesBelow(root, exclude));
  }

  #casesBelow(item: TestItem, exclude: readonly TestItem[]): KnownCase[] {
    if (exclude.includes(item)) return [];
    const own = this.#cases.get(item);
    const below = [...item.children].flatMap(([, child]) => this.#casesBelow(child, exclude));
    return own === undefined ? below : [own, ...below];
  }

  /** Runs with every change, until the user has enough of it. */
  async #begin(request: TestRunRequest, token: CancellationToken): Promise<void> {
    this.#continuous.add(request);
    token.onCancellationRequested(() => this.#continuous.delete(request));
    await this.#run(request, token);
  }

  async #takeChange(): Promise<void> {
    await this.refresh();
    for (const { include, exclude, profile } of this.#continuous) {
      const again = { include: include?.flatMap((item) => this.#again(item) ?? []), exclude, profile };
      await this.#run(again as TestRunRequest, NEVER);
    }
  }

  /** The item of the same id, where there is still one. */
  #again({ id }: TestItem): TestItem | undefined {
    const find = (items: Iterable<[string, TestItem]>): TestItem | undefined => {
      for (const [, item] of items) {
        const found = item.id === id ? item : find(item.children);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return find(this.#controller.items);
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}

/** Of runs that nobody can call off. */
const NEVER: CancellationToken = {
  isCancellationRequested: false,
  onCancellationRequested: () => new Disposable(() => {}),
};
