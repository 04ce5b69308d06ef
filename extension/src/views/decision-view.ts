import { ExplainRequest, FactsRequest } from '@sluice/language-server/protocol';
import type { Disposable, Uri } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { answerHtml, decisionFormHtml } from './decision-html.js';
import { PagePanel } from './page-panel.js';

/** Asks what one connection gets, and shows why. */
export class DecisionView implements Disposable {
  readonly #extensionUri: Uri;
  readonly #client: PolicyClient;
  #panel: PagePanel | undefined;
  #document: Uri | undefined;

  constructor(extensionUri: Uri, client: PolicyClient) {
    this.#extensionUri = extensionUri;
    this.#client = client;
  }

  async show(document: Uri): Promise<void> {
    this.#document = document;
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    const facts = await this.#client.connection.sendRequest(FactsRequest, {});
    this.#panel = new PagePanel(
      {
        extensionUri: this.#extensionUri,
        type: 'sluice.decision',
        title: 'Explain a Decision',
        onSubmit: (values) => void this.#decide(values),
        onClose: () => {
          this.#panel = undefined;
        },
      },
      decisionFormHtml(facts),
    );
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  async #decide({ firstDetected = '', at = '', ...facts }: Readonly<Record<string, string>>): Promise<void> {
    const uri = this.#document?.toString() ?? '';
    const result = await this.#client.connection.sendRequest(ExplainRequest, { uri, facts, firstDetected, at });
    const problem = { problem: 'The policy file is no longer there; open one and ask again.' };
    this.#panel?.renew('answer', answerHtml(result ?? problem));
  }
}
