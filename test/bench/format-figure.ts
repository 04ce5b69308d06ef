/** A whole number with its thousands apart: `10,000`. */
export function formatWhole(value: number): string {
  return value.toLocaleString('en-US');
}

/** `6.5M`, `81.2k`, `3.95`: three digits. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1e6) return `${threeDigits(value / 1e6)}M`;
  if (value >= 1e3) return `${threeDigits(value / 1e3)}k`;
  return threeDigits(value);
}

/** A time with its unit: `120 ns`, `4.31 ms`. */
export function formatNanos(nanos: number | undefined): string {
  if (nanos === undefined || !Number.isFinite(nanos)) return '–';
  if (nanos < 1e3) return `${threeDigits(nanos)} ns`;
  if (nanos < 1e6) return `${threeDigits(nanos / 1e3)} µs`;
  if (nanos < 1e9) return `${threeDigits(nanos / 1e6)} ms`;
  return `${threeDigits(nanos / 1e9)} s`;
}

export function formatMillis(millis: number | undefined): string {
  return millis === undefined ? '–' : formatNanos(millis * 1e6);
}

export function formatMebioctets(octets: number): string {
  return `${threeDigits(octets / 1_048_576)} MiB`;
}

/** A ratio: `0.62`, `1,250`. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  return ratio >= 100 ? Math.round(ratio).toLocaleString('en-US') : threeDigits(ratio);
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
