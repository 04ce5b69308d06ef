import { TimelineRequest } from '@sluice/language-server/protocol';
import { Disposable, type Uri, workspace } from 'vscode';
import type { PolicyClient } from '../client/policy-client.js';
import { type Html, html } from './html.js';
import { PagePanel } from './page-panel.js';
import { timelineHtml } from './timeline-html.js';

/** Time without an edit before the page is renewed, in milliseconds. */
const RENEWAL_MILLIS = 150;

/** What the policies of a set do as time passes, renewed while they are edited. */
export class TimelineView implements Disposable {
  readonly #extensionUri: Uri;
  readonly #client: PolicyClient;
  readonly #listener: Disposable;
  #panel: PagePanel | undefined;
  #document: Uri | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(extensionUri: Uri, client: PolicyClient) {
    this.#extensionUri = extensionUri;
    this.#client = client;
    this.#listener = workspace.onDidChangeTextDocument(({ document: { uri } }) => {
      // Output channels are documents as well; renewing for what the renewal itself logs would never end.
      if (uri.scheme === 'file') this.#renewSoon();
    });
  }

  async show(document: Uri): Promise<void> {
    this.#document = document;
    const content = await this.#content();
    if (this.#panel === undefined) {
      const onClose = () => {
        this.#panel = undefined;
      };
      const options = { extensionUri: this.#extensionUri, type: 'sluice.timeline', title: 'Policy Timeline', onClose };
      this.#panel = new PagePanel(options, content);
    } else {
      this.#panel.renew('content', content);
      this.#panel.reveal();
    }
  }

  dispose(): void {
    clearTimeout(this.#renewal);
    Disposable.from(this.#listener, ...(this.#panel === undefined ? [] : [this.#panel])).dispose();
  }

  #renewSoon(): void {
    if (this.#panel === undefined) return;
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(async () => this.#panel?.renew('content', await this.#content()), RENEWAL_MILLIS);
  }

  async #content(): Promise<Html> {
    const uri = this.#document?.toString() ?? '';
    const timeline = await this.#client.connection.sendRequest(TimelineRequest, { uri });
    return timeline === null ? html`<p>This file is not part of a policy set.</p>` : timelineHtml(timeline);
  }
}
