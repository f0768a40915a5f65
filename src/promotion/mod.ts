/**
 * Taking a model to production and out again: a checklist that refuses with reasons, aliases that
 * move in every place or in none, and the command line of `deno task models`.
 *
 * @module
 */

export type { Check, Found, ModelOnTrial } from "./checks/contract.ts";
export { type Checked, checks } from "./checks/checklist.ts";
export { compareOnRows, type Comparison } from "./compare_models.ts";
export { type ModelsOptions, runModelsCli } from "./cli.ts";
