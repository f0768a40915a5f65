/** Quartiles of groups beside each other. */

import { quantileSorted, sortedFinite } from "../../base/mod.ts";
import { type Figure, heading, plainText, readable, rounded, seriesColours } from "../figure.ts";
import type { ValueSeries } from "./histogram.ts";

/** Whiskers reach so many interquartile ranges, to the furthest value within. */
const REACH = 1.5;

/** Median, quartiles and whiskers of each group; values beyond the whiskers are counted, not drawn. */
export function boxFigure(title: string, axis: string, groups: readonly ValueSeries[]): Figure {
  const boxes = groups.map(({ label, values }) => ({ label, ...boxOf(values) }));
  return {
    data: boxes.map(({ label, q1, median, q3, lower, upper }, i) => ({
      type: "box",
      name: plainText(label),
      x: [plainText(label)],
      q1: [rounded(q1)],
      median: [rounded(median)],
      q3: [rounded(q3)],
      lowerfence: [rounded(lower)],
      upperfence: [rounded(upper)],
      marker: { color: seriesColours[i % seriesColours.length] },
      showlegend: false,
    })),
    layout: {
      title: heading(title),
      xaxis: { type: "category" },
      yaxis: { title: { text: plainText(axis) } },
      height: 400,
    },
    description: `${title}: ` +
      boxes.map(({ label, median, beyond }) =>
        `${label} median ${readable(rounded(median))}` +
        (beyond === 0 ? "" : ` (${readable(beyond)} beyond the whiskers)`)
      ).join(", "),
  };
}

/** Quartiles by linear interpolation and whiskers as Tukey draws them. */
function boxOf(values: ArrayLike<number>) {
  const sorted = sortedFinite(Array.from(values));
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share));
  const room = REACH * (q3 - q1);
  const within = sorted.filter((value) => value >= q1 - room && value <= q3 + room);
  const [lower, upper] = [within[0], within[within.length - 1]];
  return { q1, median, q3, lower, upper, beyond: sorted.length - within.length };
}
