import {
  type CaseResult,
  RunTestsRequest,
  type RunTestsResult,
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
  TestRunRequest,
  tests,
} from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { type KnownCase, TestItems } from './test-items.js';

/** Time without an edit before tests are asked for and run again, in milliseconds. */
const RENEWAL_MILLIS = 150;

/** Shows the tests of policies, and runs them on the policies as they are in the editor. */
export class TestExplorer implements Disposable {
  readonly #client: PolicyClient;
  readonly #controller: TestController;
  readonly #items: TestItems;
  /** What the user wants run again with every change. */
  readonly #continuous = new Set<TestRunRequest>();
  /** Folders of the policy sets that have changed since the last renewal. */
  readonly #changed = new Set<string>();
  readonly #registrations: Disposable;
  #delay: NodeJS.Timeout | undefined;

  constructor(client: PolicyClient) {
    this.#client = client;
    this.#controller = tests.createTestController('sluice', 'Sluice policies');
    this.#items = new TestItems(this.#controller);
    this.#controller.refreshHandler = () => this.refresh();
    const run = (request: TestRunRequest, token: CancellationToken) =>
      request.continuous ? this.#begin(request, token) : this.#run(request);
    this.#registrations = Disposable.from(
      this.#controller,
      this.#controller.createRunProfile('Run', TestRunProfileKind.Run, run, true, undefined, true),
      client.connection.onNotification(TestsChangedNotification, ({ uri }) => this.#renewSoon(uri)),
      client.onReady(() => this.refresh()),
    );
  }

  /** Asks for the tests that there are; from then on the server tells of changes. */
  async refresh(): Promise<void> {
    this.#items.show(await this.#client.connection.sendRequest(TestsRequest, {}));
  }

  async #run(request: TestRunRequest): Promise<void> {
    const run = this.#controller.createTestRun(request);
    try {
      const wanted = this.#items.casesOf(request);
      for (const { item } of wanted) run.started(item);
      for (const uri of new Set(wanted.map((each) => each.uri))) {
        const ofFile = wanted.filter((each) => each.uri === uri);
        this.#tellAll(run, ofFile, await this.#outcomeOf(uri, ofFile, run.token));
      }
    } finally {
      run.end();
    }
  }

  /** @returns undefined where the user did not wait */
  async #outcomeOf(
    uri: string,
    cases: readonly KnownCase[],
    token: CancellationToken,
  ): Promise<RunTestsResult | undefined> {
    const ids = cases.map(({ id }) => id);
    try {
      const outcome = await this.#client.connection.sendRequest(RunTestsRequest, { uri, ids }, token);
      return outcome ?? { problem: 'The policy set is no longer there.' };
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      return { problem: `The language server did not answer: ${error instanceof Error ? error.message : error}` };
    }
  }

  #tellAll(run: TestRun, cases: readonly KnownCase[], outcome: RunTestsResult | undefined): void {
    if (outcome !== undefined && 'problem' in outcome) {
      for (const { item } of cases) run.errored(item, new TestMessage(outcome.problem));
      return;
    }
    const results = new Map(outcome?.results.map((result) => [result.id, result]));
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

  /** Runs with every change, until the user has enough of it. */
  async #begin(request: TestRunRequest, token: CancellationToken): Promise<void> {
    this.#continuous.add(request);
    token.onCancellationRequested(() => this.#continuous.delete(request));
    await this.#run(request);
  }

  #renewSoon(folder: string): void {
    this.#changed.add(folder);
    clearTimeout(this.#delay);
    this.#delay = setTimeout(() => void this.#renew(), RENEWAL_MILLIS);
  }

  async #renew(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    await this.refresh();
    this.#controller.invalidateTestResults(changed.flatMap((folder) => this.#items.filesOf(folder)));
    for (const { include, exclude, profile } of this.#continuous) {
      const again = new TestRunRequest(this.#items.again(include), this.#items.again(exclude), profile, true);
      await this.#run(again);
    }
  }

  dispose(): void {
    clearTimeout(this.#delay);
    this.#registrations.dispose();
  }
}
