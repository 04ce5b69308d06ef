/** The value that so large a share of the values does not exceed; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle value; of an even number, the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median of the ratios of two contenders, round by round: what disturbs a whole round cancels out. */
export function medianRatio(rounds: readonly number[], reference: readonly number[]): number {
  return median(rounds.map((value, round) => value / (reference[round] ?? Number.NaN)));
}
