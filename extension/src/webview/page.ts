import type { FromPage, ToPage } from '../views/webview-messages.js';

/** The script of all pages: links lead into the editor, forms are handed over, content is renewed in place. */
declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const host = acquireVsCodeApi();

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLElement>('[data-uri]');
  if (link === null) return;
  event.preventDefault();
  host.postMessage({ type: 'open', uri: link.dataset['uri'] ?? '', line: Number(link.dataset['line']) });
});

document.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = new FormData(event.target as HTMLFormElement);
  const values = Object.fromEntries([...fields].map(([name, value]) => [name, String(value)]));
  host.postMessage({ type: 'submit', values });
});

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  const element = document.getElementById(data.id);
  if (element === null) return;
  element.innerHTML = data.html;
  // What was asked for below the fold is shown.
  if (element.ariaLive !== null) element.scrollIntoView({ block: 'start' });
});
