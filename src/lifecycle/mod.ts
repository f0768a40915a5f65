/**
 * The stages of a model's life as one pipeline: validation, drift check, training, evaluation,
 * fairness, registration, promotion, notification.
 *
 * @module
 */

export type { Promoted } from "./promote.ts";
export type { Registration } from "./register.ts";
export { type StageParams, stageParams } from "./stage_params.ts";
export { lifecycle } from "./stages.ts";
