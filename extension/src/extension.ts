import { type ExtensionContext, window } from 'vscode';
import { PolicyClient } from './client/policy-client.js';
import { registerStatusBar } from './client/status-bar.js';
import { registerCommands } from './commands/register-commands.js';
import { TestExplorer } from './testing/test-explorer.js';

/** Called by VS Code when a policy file is opened, or a command of ours called, for the first time. */
export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('Sluice', { log: true });
  const client = new PolicyClient(context, output);
  context.subscriptions.push(output, client, registerStatusBar(), ...registerCommands(context, client, output));
  context.subscriptions.push(new TestExplorer(client));
  await client.start();
}
