import { type EpochMillis, epochMillis, formatInstant } from '../../policy/instant.js';

/** A report as text, Markdown and HTML show it. All texts are plain; each renderer escapes what it must. */
export interface ReportDocument {
  readonly title: string;
  /** What there is to say at once. */
  readonly summary: readonly string[];
  readonly charts: readonly BarChart[];
  readonly tables: readonly ReportTable[];
  /** What the reader must know of how the report came about. */
  readonly notes: readonly string[];
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Said where there is no row. */
  readonly empty: string;
}

export interface ReportColumn {
  readonly name: string;
  readonly isNumber?: true;
}

/** Bars of several parts each. */
export interface BarChart {
  readonly title: string;
  /** `columns` for a course of time; `rows`, each with its label before it, for things with long names. */
  readonly layout: 'columns' | 'rows';
  /** Unit of the values: `records`. */
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly tone: ChartTone }[];
  /** The values of a bar come in the order of the series. */
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** What a part of a bar means; a page gives each its colour. */
export type ChartTone = 'accept' | 'throttle' | 'block' | 'neutral';

/** A number with commas between thousands, the same everywhere. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** An instant without parts of a second, which tell a reader nothing: `2026-09-08T14:30:00Z`. */
export function instantWords(instant: EpochMillis): string {
  return formatInstant(epochMillis(Math.floor(instant / 1000) * 1000));
}

/** `1 server`, `2 servers`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** A title that says where not all are shown: `Servers (20 of 1,234)`. */
export function partOf(title: string, shown: number, all: number): string {
  return shown < all ? `${title} (${formatCount(shown)} of ${formatCount(all)})` : title;
}
