/** How values are distributed. */

import { type Figure, heading, legendBelow, plainText, readable, rounded } from "../figure.ts";

/** Values of one group, such as a class. */
export interface ValueSeries {
  /** What the values belong to. */
  readonly label: string;
  /** The values; those that are not finite are left out. */
  readonly values: ArrayLike<number>;
}

/** Counts of values between evenly spaced edges. */
export interface Counted {
  /** Middle of each bin. */
  readonly middles: readonly number[];
  /** Values in each bin. */
  readonly counts: readonly number[];
  /** Width of a bin. */
  readonly width: number;
}

/**
 * Counts values in bins of equal width, the last one closed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(countBins([0, 1, 1, 4, NaN], { bins: 2, low: 0, high: 4 }).counts, [3, 1]);
 * ```
 */
export function countBins(
  values: ArrayLike<number>,
  { bins, low, high }: Bins,
): Counted {
  const width = high > low ? (high - low) / bins : 1;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= low && values[i] <= high)) continue;
    counts[Math.min(bins - 1, Math.floor((values[i] - low) / width))]++;
  }
  return { middles: counts.map((_, bin) => rounded(low + (bin + 0.5) * width)), counts, width };
}

/** Evenly spaced bins that hold all values. */
export interface Bins {
  readonly bins: number;
  /** Where the first begins. */
  readonly low: number;
  /** Where the last ends. */
  readonly high: number;
}

/**
 * About as many bins as wanted for all series. Whole numbers get bins of a whole
 * width around them, so that no bin holds more of them than its neighbours.
 */
export function binsFor(all: readonly ArrayLike<number>[], wanted: number): Bins {
  const [low, high] = finiteRange(all);
  const whole = all.every((values) =>
    Array.from(values).every((value) => !Number.isFinite(value) || Number.isInteger(value))
  );
  if (!whole) return { bins: wanted, low, high };
  const width = Math.max(1, Math.round((high - low + 1) / wanted));
  const bins = Math.ceil((high - low + 1) / width);
  return { bins, low: low - 0.5, high: low - 0.5 + bins * width };
}

/** The least and the greatest finite value of all series; 0 and 1 if there is none. */
function finiteRange(all: readonly ArrayLike<number>[]): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) continue;
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * The distribution of values, as bars of equal width; several series lie over one
 * another, each as shares of its own values, so that small groups can be compared.
 *
 * @param wanted About how many bars there are. Default 40.
 */
export function histogramFigure(
  title: string,
  axis: string,
  series: readonly ValueSeries[],
  wanted = 40,
): Figure {
  const several = series.length > 1;
  const { bins, low, high } = binsFor(series.map(({ values }) => values), wanted);
  const counted = series.map(({ label, values }) => ({
    label,
    ...countBins(values, { bins, low, high }),
  }));
  return {
    data: counted.map(({ label, middles, counts, width }) => {
      const total = counts.reduce((sum, count) => sum + count, 0) || 1;
      return {
        type: "bar",
        name: plainText(label),
        x: middles,
        y: several ? counts.map((count) => rounded(count / total)) : counts,
        width,
        opacity: several ? 0.55 : 1,
        hovertemplate: `${plainText(label)} near %{x}: %{y${several ? ":.1%" : ""}}<extra></extra>`,
      };
    }),
    layout: {
      title: heading(title),
      barmode: "overlay",
      bargap: 0,
      xaxis: { title: { text: plainText(axis) } },
      yaxis: {
        title: { text: several ? "Share of the group's rows" : "Rows" },
        ...several && { tickformat: ".0%" },
      },
      legend: legendBelow,
      showlegend: several,
      height: 400,
    },
    description: `${title}: ` + counted.map(({ label, middles, counts }) => {
      const peak = counts.indexOf(Math.max(...counts));
      return `${label} is most frequent near ${readable(middles[peak])}`;
    }).join(", "),
  };
}
