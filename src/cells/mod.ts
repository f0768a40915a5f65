/**
 * For cells of notebooks: looks at tables, figures, progress, results of pipelines,
 * tracked runs. It loads nothing of the kernel.
 *
 * Whatever is shown carries markup or a plotly figure, a still drawing if it is a
 * figure, and text; outside of a notebook it is text alone.
 *
 * @module
 */

export { artifact, type ArtifactOptions } from "./artifact.ts";
export { byClass } from "./by_class.ts";
export { type CellChange, changes, showChanges } from "./changes.ts";
export { correlation } from "./correlations.ts";
export { describe } from "./describe.ts";
export { figureView } from "./figure_view.ts";
export type { Data, PolarsColumn, PolarsFrame, Records } from "./frame.ts";
/** Sliders, choices and buttons. */
export * as control from "./control.ts";
export type { Control, Drawn } from "./control.ts";
/** Figures, one function each. */
export * as plot from "./plot.ts";
export type { KnownPredictions } from "./plot.ts";
export { profile } from "./profile.ts";
export { progress, type ProgressBar } from "./progress.ts";
export { type FinishedRun, run, type RunFromCell } from "./run.ts";
export { type RunSummary, table } from "./runs_table.ts";
export { show, type ShowOptions } from "./show.ts";
export { QueryResult, sql, type SqlValue } from "./sql.ts";
export { type RunningTask, startTask } from "./task.ts";
export { type CellTracker, type RunWork, type TrackingOptions, trackRuns } from "./track.ts";
export { vars } from "./vars.ts";
export { display, markdown, type Media, View } from "./view.ts";
export type {
  CleanColumn,
  CleanData,
  ListColumn,
  NumberColumn,
  TextColumn,
} from "../features/mod.ts";
export type { Cell, Matrix, Table } from "../dataset/mod.ts";
export type { Figure, ValueSeries } from "../report/mod.ts";
