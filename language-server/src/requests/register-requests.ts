import { FACTS } from '@sluice/engine/policy/fact.js';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { DiagnosticsOfFolders } from '../diagnostics/diagnostics-of-folders.js';
import { CheckRequest, CompareRequest, ExplainRequest, FactsRequest, TimelineRequest } from '../protocol.js';
import type { DocumentInSet, Workspace } from '../workspace/workspace.js';
import { compareWithRevision } from './compare.js';
import { explainDecision } from './explain-decision.js';
import { summaries } from './summaries.js';
import { timelineOf } from './timeline.js';

/** Answers what the extension asks beside LSP. */
export function registerRequests(
  connection: Connection,
  workspace: Workspace,
  diagnostics: DiagnosticsOfFolders,
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
  connection.onRequest(FactsRequest, () => [...FACTS]);
  connection.onRequest(CheckRequest, async () => {
    await workspace.loaded;
    return summaries(workspace.folders, diagnostics);
  });
}
