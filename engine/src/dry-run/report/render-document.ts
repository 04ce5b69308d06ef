import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { renderText } from './render-text.js';
import type { ReportDocument } from './report-document.js';

/** How a document can be rendered. */
export type DocumentFormat = 'text' | 'markdown' | 'html';

/** Renders a document. @param colours whether text may have bold heads */
export function renderDocument(document: ReportDocument, format: DocumentFormat, colours: boolean): string {
  if (format === 'markdown') return renderMarkdown(document);
  return format === 'html' ? renderHtml(document) : renderText(document, colours);
}
