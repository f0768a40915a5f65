/**
 * How the rows of a training are dealt: declared kinds of splits, folds, held-out parts.
 *
 * @module
 */

export { dealFolds, dealWithin, type Folds } from "./deal.ts";
export { drawGroups, drawParts } from "./draw_parts.ts";
export type { Split, SplitKind } from "./splits.ts";
