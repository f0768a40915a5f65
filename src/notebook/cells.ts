/**
 * For cells of notebooks: looks at tables, figures, progress, results of pipelines,
 * tracked runs. An entry of its own, so that a cell loads nothing of the kernel client.
 *
 * Whatever is shown carries markup or a plotly figure, a still drawing if it is a
 * figure, and text; outside of a notebook it is text alone.
 *
 * @module
 */

export { artifact, type ArtifactOptions } from "./cells/artifact.ts";
export { byClass } from "./cells/by_class.ts";
export { type CellChange, changes, showChanges } from "./cells/changes.ts";
export { correlation } from "./cells/correlations.ts";
export { describe } from "./cells/describe.ts";
export { figureView } from "./cells/figure_view.ts";
export type { Data, PolarsColumn, PolarsFrame, Records } from "./cells/frame.ts";
/** Figures, one function each. */
export * as plot from "./cells/plot.ts";
export type { KnownPredictions } from "./cells/plot.ts";
export { profile } from "./cells/profile.ts";
export { progress, type ProgressBar } from "./cells/progress.ts";
export { type FinishedRun, run, type RunFromCell } from "./cells/run.ts";
export { type RunSummary, table } from "./cells/runs_table.ts";
export { show, type ShowOptions } from "./cells/show.ts";
export { type RunningTask, startTask } from "./cells/task.ts";
export { type CellTracker, type RunWork, type TrackingOptions, trackRuns } from "./cells/track.ts";
export { display, markdown, type Media, View } from "./cells/view.ts";
export type {
  CleanColumn,
  CleanData,
  ListColumn,
  NumberColumn,
  TextColumn,
} from "../features/mod.ts";
export type { Cell, Matrix, Table } from "../table/mod.ts";
export type { Figure, ValueSeries } from "../report/mod.ts";
