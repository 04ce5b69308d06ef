import { type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale';
import { escapeHtml } from './escape-html.js';
import { type BarChart, formatCount } from './report-document.js';

type Bar = BarChart['bars'][number];
type Scale = ScaleLinear<number, number>;

const WIDTH = 1000;
const COLUMNS = { height: 260, top: 12, right: 12, bottom: 32, left: 64 };
const ROWS = { step: 24, bar: 16, right: 64, bottom: 28, left: 270 };
/** Labels that fit under columns, and characters that fit before a row. */
const [MAX_LABELS, MAX_LABEL_LENGTH] = [9, 38];
const MAX_TICKS = 5;

/** Draws a chart as columns, in SVG; one that points at a column is told its values. */
export function columnsChartSvg(chart: BarChart): string {
  const { bars, series } = chart;
  const { height, top, right, bottom, left } = COLUMNS;
  const places = bars.map((_, index) => index);
  const x = scaleBand(places, [left, WIDTH - right]).padding(bars.length > 60 ? 0 : 0.15);
  const y = scaleLinear([0, highestOf(bars)], [height - bottom, top]).nice(MAX_TICKS);
  const every = Math.ceil(bars.length / MAX_LABELS);
  const grid = ticksOf(y).map(
    (tick) => `${line(left, y(tick), WIDTH - right, y(tick))}${text(left - 8, y(tick) + 4, formatCount(tick), 'end')}`,
  );
  const drawn = bars.map((bar, index) => {
    const at = x(index) ?? left;
    const label = index % every === 0 ? text(at + x.bandwidth() / 2, height - bottom + 18, bar.label, 'middle') : '';
    const parts = partsOf(bar, series).map(({ tone, from, to }) =>
      rect(tone, at, y(to), x.bandwidth(), y(from) - y(to)),
    );
    return group(chart, bar, `${parts.join('')}${label}`);
  });
  return svg(chart, height, [...grid, ...drawn]);
}

/** Draws a chart as rows with their labels before them, in SVG. */
export function rowsChartSvg(chart: BarChart): string {
  const { bars, series } = chart;
  const { step, bar: thickness, right, bottom, left } = ROWS;
  const end = bars.length * step;
  const x = scaleLinear([0, highestOf(bars)], [left, WIDTH - right]).nice(MAX_TICKS);
  const grid = ticksOf(x).map(
    (tick) => `${line(x(tick), 0, x(tick), end)}${text(x(tick), end + 18, formatCount(tick), 'middle')}`,
  );
  const drawn = bars.map((bar, index) => {
    const top = index * step + (step - thickness) / 2;
    const parts = partsOf(bar, series).map(({ tone, from, to }) =>
      rect(tone, x(from), top, x(to) - x(from), thickness),
    );
    const total = text(x(sumOf(bar)) + 6, top + 13, formatCount(sumOf(bar)), 'start');
    return group(chart, bar, `${text(left - 10, top + 13, shortened(bar.label), 'end')}${parts.join('')}${total}`);
  });
  return svg(chart, end + bottom, [...grid, ...drawn]);
}

function svg({ title }: BarChart, height: number, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg>`;
}

function group({ series, unit }: BarChart, bar: Bar, content: string): string {
  const values = series.map(({ name }, index) => `${name} ${formatCount(bar.values[index] ?? 0)}`);
  return `<g><title>${escapeHtml(`${bar.label}: ${values.join(', ')} ${unit}`)}</title>${content}</g>`;
}

/** The parts of a bar with the values between which they lie; those of nothing are left out. */
function partsOf({ values }: Bar, series: BarChart['series']) {
  let from = 0;
  return series.flatMap(({ tone }, index) => {
    const to = from + (values[index] ?? 0);
    const part = { tone, from, to };
    from = to;
    return part.to > part.from ? [part] : [];
  });
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="grid" x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}"/>`;
}

function rect(tone: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${tone}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}"/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text class="tick" x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function ticksOf(scale: Scale): number[] {
  return scale.ticks(MAX_TICKS).filter(Number.isInteger);
}

function highestOf(bars: readonly Bar[]): number {
  return bars.reduce((highest, bar) => Math.max(highest, sumOf(bar)), 1);
}

function sumOf({ values }: Bar): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function shortened(label: string): string {
  return label.length <= MAX_LABEL_LENGTH ? label : `${label.slice(0, MAX_LABEL_LENGTH - 1)}…`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
