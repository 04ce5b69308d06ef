import { commands, type Disposable, type ExtensionContext, type LogOutputChannel, Uri, window } from 'vscode';
import type { Location, Position } from 'vscode-languageclient';
import type { PolicyClient } from '../client/policy-client.js';
import { DecisionView } from '../views/decision-view.js';
import { TimelineView } from '../views/timeline-view.js';
import { checkWorkspace } from './check-workspace.js';
import { Comparison } from './comparison.js';
import { DryRun } from './dry-run.js';
import { newPolicySet } from './new-policy-set.js';

/** Registers the commands of the palette, and those that code lenses call. */
export function registerCommands(
  { extensionUri }: ExtensionContext,
  client: PolicyClient,
  output: LogOutputChannel,
): Disposable[] {
  const timeline = new TimelineView(extensionUri, client);
  const decision = new DecisionView(extensionUri, client);
  const comparison = new Comparison(client);
  const dryRun = new DryRun(extensionUri, client);
  return [
    timeline,
    decision,
    comparison,
    dryRun,
    commands.registerCommand('sluice.checkWorkspace', () => checkWorkspace(client)),
    commands.registerCommand(
      'sluice.showTimeline',
      onDocument((uri) => timeline.show(uri)),
    ),
    commands.registerCommand(
      'sluice.explain',
      onDocument((uri) => decision.show(uri)),
    ),
    commands.registerCommand(
      'sluice.compare',
      onDocument((uri, revision) => comparison.show(uri, typeof revision === 'string' ? revision : undefined)),
    ),
    commands.registerCommand(
      'sluice.dryRun',
      onDocument((uri, again) => dryRun.replay(uri, again as Parameters<DryRun['replay']>[1])),
    ),
    commands.registerCommand(
      'sluice.impact',
      onDocument((uri) => dryRun.impact(uri)),
    ),
    commands.registerCommand('sluice.newPolicySet', () => newPolicySet(extensionUri)),
    commands.registerCommand('sluice.restartServer', () => client.restart()),
    commands.registerCommand('sluice.showOutput', () => output.show()),
    commands.registerCommand(
      'sluice.showReferences',
      (uri: string, position: Position, places: readonly Location[]) => {
        const { protocol2CodeConverter: converter } = client.connection;
        return commands.executeCommand(
          'editor.action.showReferences',
          Uri.parse(uri),
          converter.asPosition(position),
          places.map((place) => converter.asLocation(place)),
        );
      },
    ),
  ];
}

/** A command is called by a code lens with a URI as text, from a menu with a URI, from the palette with nothing. */
function onDocument(run: (uri: Uri, argument: unknown) => unknown) {
  return (given: unknown, argument: unknown) => {
    const uri =
      typeof given === 'string'
        ? Uri.parse(given)
        : given instanceof Uri
          ? given
          : window.activeTextEditor?.document.uri;
    if (uri === undefined) return window.showInformationMessage('Open a policy file first.');
    return run(uri, argument);
  };
}
