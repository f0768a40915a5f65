/** The section of a report about how well scores part two classes. */

import { cumulativeGains, ksStatistic, liftByQuantile } from "../../metrics/mod.ts";
import { gainFigure, liftFigure, lineFigure, type Section } from "../../report/mod.ts";

/** Parts of the rows, best-scored first. */
const PARTS = 10;

/**
 * Gains, lift and the Kolmogorov-Smirnov distance of one of two classes.
 *
 * @param positive 1 for each row of the class, shape [rows].
 * @param probability What held-out predictions give it, shape [rows].
 */
export function liftSection(
  positive: Int32Array,
  probability: Float32Array,
  label: string,
): Section {
  const ks = ksStatistic(positive, probability);
  const hits = cumulativeGains(positive, probability);
  const misses = cumulativeGains(positive.map((one) => 1 - one), probability);
  const parts = liftByQuantile(positive, probability, Math.min(PARTS, positive.length));
  return {
    title: "Lift",
    text: `Rows by the probability of ${label}, the highest first. The distributions of both ` +
      `classes are ${ks.toFixed(4)} apart where they differ most (KS).`,
    figures: [
      lineFigure("KS: rows of both classes by score", {
        x: "Share of rows, best-scored first",
        y: "Share of the class",
      }, [
        { label, x: hits.share, y: hits.gain },
        { label: `not ${label}`, x: misses.share, y: misses.gain },
      ]),
      gainFigure("Cumulative gains", [{ label, ...hits }]),
      liftFigure("Lift by tenth of the rows", [{ label, lift: parts.map(({ lift }) => lift) }]),
    ],
  };
}
