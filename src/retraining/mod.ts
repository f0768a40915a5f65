/**
 * Models trained again on rows whose truth became known, and moved only if they are better:
 * rules, joined rows, the training by the model's own pipeline, the comparison, the history.
 *
 * @module
 */

export { type RetrainParams, retrainParams, retrainSteps } from "./retrain_pipeline.ts";
