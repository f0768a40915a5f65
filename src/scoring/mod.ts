/**
 * Batch scoring of tables that do not fit in memory: Parquet in, Parquet out, by parts.
 *
 * @module
 */

export { type ScoreParams, scoreParams, scoreSteps } from "./score_pipeline.ts";
