/** One page that compares runs; it needs nothing else. */

import {
  lineFigure,
  type LineValues,
  page,
  parallelLinesFigure,
  type Section,
} from "../report/mod.ts";
import type { FoundRun, HistoryPoint } from "../tracking/mod.ts";
import { labels, metricsOfRuns, paramDifferences } from "./differences.ts";

/** Axes that a figure has room for. */
const MOST_AXES = 10;

/** A metric with the history of each run. */
export interface MetricCurves {
  /** Name of the metric. */
  readonly metric: string;
  /** Values by step, one list for each run. */
  readonly histories: readonly (readonly HistoryPoint[])[];
}

/**
 * The page of some runs.
 *
 * @param curves Metrics that have a history, with it.
 */
export async function comparisonPage(
  runs: readonly FoundRun[],
  curves: readonly MetricCurves[],
  place: string,
): Promise<string> {
  const called = labels(runs);
  const params = paramDifferences(runs);
  const metrics = metricsOfRuns(runs);
  const differing = metrics.filter((name) =>
    new Set(runs.map((run) => run.metrics[name])).size > 1
  );
  const axes: LineValues[] = [
    ...params.map(({ name, values }) => ({ label: name, values: axisValues(values) })),
    ...differing.map((name) => ({
      label: name,
      values: runs.map((run) => run.metrics[name] ?? NaN),
    })),
  ];
  // Metrics are what runs are compared for: where there is no room, parameters give way.
  const shown = axes.length <= MOST_AXES
    ? axes
    : [...axes.slice(0, params.length).slice(0, 4), ...axes.slice(params.length)]
      .slice(0, MOST_AXES);
  const sections: Section[] = [
    {
      title: "The runs",
      table: {
        head: ["Run", "Id", "Experiment", "Started", "Seconds", "Status"],
        rows: runs.map((run, i) => [
          ...[called[i], run.id, run.experiment],
          new Date(run.startTime).toISOString().slice(0, 19).replace("T", " "),
          run.endTime === undefined ? NaN : (run.endTime - run.startTime) / 1000,
          run.status,
        ]),
      },
    },
    ...shown.length < 2 ? [] : [{
      title: "Side by side",
      text: shown.length < axes.length
        ? `Of ${axes.length} parameters and metrics that differ, ${shown.length} are drawn; the ` +
          "tables have all."
        : "Each line is a run; each axis goes from its least to its greatest value.",
      figures: [parallelLinesFigure("Parameters and metrics that differ", called, shown)],
    }],
    {
      title: "Metrics",
      table: {
        head: ["Metric", ...called],
        rows: metrics.map((name) => [name, ...runs.map((run) => run.metrics[name] ?? NaN)]),
      },
    },
    {
      title: "Differences of parameters",
      ...params.length === 0 ? { text: "All parameters are the same." } : {
        table: {
          head: ["Parameter", ...called],
          rows: params.map(({ name, values }) => [name, ...values.map((value) => value ?? "–")]),
        },
      },
    },
    ...curves.length === 0 ? [] : [{
      title: "Metrics as the runs went on",
      figures: curves.map(({ metric, histories }) =>
        lineFigure(
          metric,
          { x: "Step", y: metric },
          histories.flatMap((points, i) =>
            points.length === 0 ? [] : [{
              label: called[i],
              x: points.map(({ step }) => step),
              y: points.map(({ value }) => value),
            }]
          ),
        )
      ),
    }],
  ];
  const lead = `${runs.length} runs of ${place}: ${params.length} ` +
    `parameter${params.length === 1 ? "" : "s"} and ` +
    `${differing.length} of ${metrics.length} metrics differ.`;
  return await page(`Comparison of ${called.join(", ")}`, lead, sections);
}

/** Numbers where all values are numbers, else texts. */
function axisValues(values: readonly (string | undefined)[]): (number | string)[] {
  const numbers = values.map((value) => value === undefined || value === "" ? NaN : Number(value));
  const numeric = values.every((value, i) => value === undefined || !Number.isNaN(numbers[i]));
  return numeric ? numbers : values.map((value) => value ?? "");
}
