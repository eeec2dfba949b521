// What runs say together: medians, means with the interval they leave open, lines through points.

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The arithmetic mean; NaN of nothing. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A value, and what 95 % of such samples would enclose the true one with. Both ends are null for a single run. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Mean and 95 % interval by Student's t: for few runs of a quantity that is about normal. */
export function estimateMean(values: readonly number[]): Estimate {
  const value = mean(values);
  if (values.length < 2) return { value, low: null, high: null };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1);
  const half = studentQuantile(values.length - 1) * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

/** Mean ratio and its 95 % interval, taken over logarithms: twice as fast and half as fast weigh the same. */
export function estimateRatio(ratios: readonly number[]): Estimate {
  const { value, low, high } = estimateMean(ratios.map(Math.log));
  return {
    value: Math.exp(value),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
  };
}

export interface Line {
  readonly intercept: number;
  readonly slope: number;
  /** Share of the variance that the line explains; 1 where the points lie on it. */
  readonly explained: number;
}

/** The line of least squares through points with at least two different `x`. */
export function lineThrough(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const sum = (of: (point: { readonly x: number; readonly y: number }) => number) =>
    points.reduce((total, point) => total + of(point), 0);
  const slope = sum(({ x, y }) => (x - meanX) * (y - meanY)) / sum(({ x }) => (x - meanX) ** 2);
  const intercept = meanY - slope * meanX;
  const spread = sum(({ y }) => (y - meanY) ** 2);
  const left = sum(({ x, y }) => (y - intercept - slope * x) ** 2);
  return { intercept, slope, explained: spread === 0 ? 1 : 1 - left / spread };
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const FEW = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;
const NORMAL = 1.959964;

/** The 97.5 % quantile of Student's t; beyond ten degrees by the expansion about the normal (Abramowitz 26.7.5). */
export function studentQuantile(degrees: number): number {
  const few = FEW[degrees - 1];
  if (few !== undefined) return few;
  const z = NORMAL;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
