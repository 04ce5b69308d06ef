import { FACTS } from '@sluice/engine/policy/fact.js';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { DiagnosticsOfFolders } from '../diagnostics/diagnostics-of-folders.js';
import {
  CheckRequest,
  CompareRequest,
  ExplainRequest,
  FactsRequest,
  ImpactRequest,
  ReplayRequest,
  RunTestsRequest,
  TestsRequest,
  TimelineRequest,
} from '../protocol.js';
import type { TrafficOfFolders } from '../traffic/traffic-of-folders.js';
import type { DocumentInSet, Workspace } from '../workspace/workspace.js';
import { compareWithRevision } from './compare.js';
import { impactOnLogs, replayLogs } from './dry-run.js';
import { explainDecision } from './explain-decision.js';
import { longWork } from './long-work.js';
import { runTests, testsOf } from './policy-tests.js';
import { summaries } from './summaries.js';
import type { TestWatch } from './test-watch.js';
import { timelineOf } from './timeline.js';

/** What requests ask, or tell of. */
export interface RequestedParts {
  readonly diagnostics: DiagnosticsOfFolders;
  readonly traffic: TrafficOfFolders;
  readonly tests: TestWatch;
}

/** Answers what the extension asks beside LSP. */
export function registerRequests(
  connection: Connection,
  workspace: Workspace,
  { diagnostics, traffic, tests }: RequestedParts,
): void {
  const at =
    <P extends { readonly uri: string }, R>(
      answer: (context: DocumentInSet, params: P, token: CancellationToken) => R | Promise<R>,
    ) =>
    async (params: P, token: CancellationToken): Promise<R | null> => {
      await workspace.loaded;
      const context = workspace.documentAt(params.uri);
      return context === undefined ? null : answer(context, params, token);
    };
  connection.onRequest(TimelineRequest, at(timelineOf));
  connection.onRequest(ExplainRequest, at(explainDecision));
  connection.onRequest(CompareRequest, at(compareWithRevision));
  connection.onRequest(RunTestsRequest, at(runTests));
  connection.onRequest(
    ReplayRequest,
    at(async (context, params, token) =>
      replayLogs(context, params, await longWork(connection, params, token), traffic),
    ),
  );
  connection.onRequest(
    ImpactRequest,
    at(async (context, params, token) => impactOnLogs(context, params, await longWork(connection, params, token))),
  );
  connection.onRequest(TestsRequest, async () => {
    await workspace.loaded;
    tests.begin(workspace.folders);
    return workspace.folders.map(testsOf).filter(({ files }) => files.length > 0);
  });
  connection.onRequest(FactsRequest, () => [...FACTS]);
  connection.onRequest(CheckRequest, async () => {
    await workspace.loaded;
    return summaries(workspace.folders, diagnostics);
  });
}
