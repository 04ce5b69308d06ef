import { scaleBand, scaleLinear } from 'd3-scale';
import { escapeHtml } from './escape-html.js';
import { type BarChart, formatCount } from './report-document.js';

const [WIDTH, HEIGHT] = [960, 260];
const MARGIN = { top: 12, right: 12, bottom: 36, left: 64 };
/** Labels that fit under the bars. */
const MAX_LABELS = 12;

/** Draws a chart as SVG; the bars' own values are told where one points at them, and all of them in a table for screen readers. */
export function barChartSvg({ title, unit, series, bars }: BarChart): string {
  const x = scaleBand(
    bars.map((_, index) => index),
    [MARGIN.left, WIDTH - MARGIN.right],
  ).padding(bars.length > 60 ? 0 : 0.15);
  const highest = Math.max(1, ...bars.map(({ values }) => sumOf(values)));
  const y = scaleLinear([0, highest], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const every = Math.ceil(bars.length / MAX_LABELS);
  const grid = y
    .ticks(4)
    .filter(Number.isInteger)
    .map((tick) => gridLine(y(tick), formatCount(tick)));
  const drawn = bars.map((bar, index) => {
    const left = x(index) ?? MARGIN.left;
    const label = index % every === 0 ? labelText(left + x.bandwidth() / 2, bar.label) : '';
    return `<g>${tooltip(bar, series, unit)}${stack(bar.values, series, left, x.bandwidth(), y)}${label}</g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${grid.join('')}${drawn.join('')}</svg>`;
}

function gridLine(at: number, text: string): string {
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  return `<line class="grid" x1="${left}" x2="${right}" y1="${rounded(at)}" y2="${rounded(at)}"/><text class="tick" x="${left - 8}" y="${rounded(at + 4)}" text-anchor="end">${text}</text>`;
}

function labelText(at: number, label: string): string {
  return `<text class="tick" x="${rounded(at)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${escapeHtml(label)}</text>`;
}

function tooltip(bar: BarChart['bars'][number], series: BarChart['series'], unit: string): string {
  const parts = series.map(({ name }, index) => `${name} ${formatCount(bar.values[index] ?? 0)}`);
  return `<title>${escapeHtml(`${bar.label}: ${parts.join(', ')} ${unit}`)}</title>`;
}

function stack(
  values: readonly number[],
  series: BarChart['series'],
  left: number,
  width: number,
  y: (value: number) => number,
): string {
  let below = 0;
  const parts = series.map(({ tone }, index) => {
    const value = values[index] ?? 0;
    const [bottom, top] = [y(below), y(below + value)];
    below += value;
    if (value === 0) return '';
    return `<rect class="${tone}" x="${rounded(left)}" y="${rounded(top)}" width="${rounded(width)}" height="${rounded(bottom - top)}"/>`;
  });
  return parts.join('');
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
