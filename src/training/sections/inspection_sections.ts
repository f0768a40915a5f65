/** What shuffled and moved columns say of a model. */

import { barFigure, dependenceFigure, type Section } from "../../report/mod.ts";
import type { Inspection } from "../inspection.ts";
import { metricLabel } from "../metric_label.ts";

/** Bars that are shown; the report stays readable. */
const MOST_BARS = 20;

/** The sections; one that has nothing to show is left out. */
export function inspectionSections(
  { metric, heldOut, rows, losses, dependences }: Inspection,
  outputs: readonly string[],
): Section[] {
  const label = metricLabel(metric);
  const which = heldOut ? "rows of the test part" : "training rows";
  // Of two classes the second says all.
  const shown = outputs.length === 2 ? [1] : [...outputs.keys()];
  return [
    ...losses.length === 0 ? [] : [{
      title: "What the score loses without a column",
      text:
        `Permutation importance: ${label} of ${rows} ${which} less what is left of it when the ` +
        "cells of one column are shuffled, three times each. Columns that tell the same hide each " +
        "other." +
        (heldOut ? "" : " The model has seen these rows, so it leans on more than helps."),
      figures: [barFigure(
        `Loss of ${label} by column`,
        label,
        losses.slice(0, MOST_BARS).map(({ name, mean, deviation }) => ({
          ...{ label: name, value: mean, error: deviation },
        })),
      )],
    }],
    ...dependences.length === 0 ? [] : [{
      title: "How predictions move with a column",
      text:
        "Partial dependence: the mean prediction with one column set to each value, all else as " +
        "it is" + (shown.length === 1 ? "; thin lines are single rows." : ".") +
        " Where columns move together, some of these rows never occur.",
      figures: [dependenceFigure(
        shown.length === 1
          ? `Prediction of ${outputs[shown[0]]} by column`
          : "Probability of each class by column",
        shown.map((k) => outputs[k]),
        dependences.map(({ name, values, dependence }) => ({
          ...{ name, values },
          averages: shown.map((k) =>
            dependence.average.subarray(k * dependence.values, (k + 1) * dependence.values)
          ),
          individual: shown.length > 1 ? [] : Array.from({ length: dependence.rows }, (_, i) => {
            const from = (shown[0] * dependence.rows + i) * dependence.values;
            return dependence.individual.subarray(from, from + dependence.values);
          }),
        })),
      )],
    }],
  ];
}
