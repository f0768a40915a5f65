/** How a search went on: the value of each trial, and the best so far. */

import {
  colours,
  type Figure,
  heading,
  legendBelow,
  plainText,
  readable,
  rounded,
} from "../figure.ts";

/** A trial of a search. */
export interface SearchedTrial {
  /** Its place among the trials, from 0. */
  readonly number: number;
  /** What it came to, or had come to when it was given up; absent if it failed at once. */
  readonly value?: number;
  /** Whether it came to its end. */
  readonly complete: boolean;
}

/**
 * Trials as points, the best of complete ones so far as a line.
 *
 * @param higher Whether higher values are better.
 */
export function searchHistoryFigure(
  title: string,
  metric: string,
  trials: readonly SearchedTrial[],
  higher: boolean,
): Figure {
  const known = trials.filter(({ value }) => value !== undefined && Number.isFinite(value));
  const complete = known.filter((trial) => trial.complete);
  const pruned = known.filter((trial) => !trial.complete);
  let best: number | undefined;
  const line = complete.map(({ value }) =>
    best = best === undefined ? value! : higher ? Math.max(best, value!) : Math.min(best, value!)
  );
  const points = (label: string, shown: readonly SearchedTrial[], marker: object) => ({
    type: "scatter",
    mode: "markers",
    name: label,
    x: shown.map(({ number }) => number),
    y: shown.map(({ value }) => rounded(value!)),
    marker,
    hovertemplate: `trial %{x}: %{y}<extra>${label}</extra>`,
  });
  const axis = plainText(metric);
  return {
    data: [
      points("complete", complete, { size: 7 }),
      ...pruned.length > 0
        ? [points("pruned", pruned, { size: 7, symbol: "x", color: colours.muted })]
        : [],
      {
        type: "scatter",
        mode: "lines",
        name: "best so far",
        x: complete.map(({ number }) => number),
        y: line.map(rounded),
        line: { shape: "hv", color: colours.up, width: 2 },
        hovertemplate: "best up to trial %{x}: %{y}<extra></extra>",
      },
    ],
    layout: {
      title: heading(title),
      xaxis: { title: { text: "Trial" } },
      yaxis: { title: { text: axis } },
      hovermode: "closest",
      legend: legendBelow,
      height: 440,
    },
    description: `${title}: ${readable(complete.length)} of ${readable(trials.length)} trials ` +
      `are complete` + (best === undefined ? "" : `, the best ${metric} is ${readable(best)}`),
  };
}
