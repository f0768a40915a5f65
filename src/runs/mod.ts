/**
 * MLflow's runs without Python: lists, comparisons, the best one, and a page that compares. Reads
 * a server or a folder through `tracking/`; changes nothing.
 *
 * @module
 */

export { comparisonPage, type MetricCurves } from "./comparison_page.ts";
export { runRunsCli, type RunsOptions } from "./cli.ts";
