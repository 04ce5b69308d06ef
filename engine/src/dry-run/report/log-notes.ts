import { LACKS, type LogReport } from '../../traffic/logs/log-report.js';
import { counted, formatCount } from './report-document.js';

/** What the reader of a report must know of the logs: what they lack, and what could not be read of them. */
export function logNotes(logs: LogReport): string[] {
  return [...notesOf(logs)];
}

function* notesOf(logs: LogReport): Generator<string> {
  const formats = [...new Set(logs.files.map(({ format }) => format))].join(', ');
  yield `Read: ${counted(logs.files.length, 'file')} (${formats}), ${counted(logs.lines, 'line')}: ${formatCount(logs.used)} used, ${formatCount(logs.passedOver)} of no use for deciding, ${formatCount(logs.unreadable)} that cannot be read.`;
  for (const { file, line, why, excerpt } of logs.examples) yield `${file}:${line}: ${why}: ${excerpt}`;
  for (const { file, why } of logs.broken) yield `${file} breaks off: ${why}. What comes after is missing here.`;
  if (logs.cut > 0) yield `${counted(logs.cut, 'line')} longer than 1 MiB: only the first MiB was read.`;
  if (logs.unfinished > 0) {
    yield `${counted(logs.unfinished, 'session or message', 'sessions or messages')} whose other half the logs do not have.`;
  }
  if (logs.overlapping > 0) {
    yield `${counted(logs.overlapping, 'record')} older than those of a file that was read before: the logs overlap, as those of two gateways do, and were replayed one after the other. Merge them in the order of time where the figures have to be exact.`;
  }
  for (const lack of logs.lacks) yield LACKS[lack];
}
