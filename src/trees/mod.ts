/**
 * Flat tree ensembles as plain data.
 *
 * @module
 */

export type { TreeEnsemble } from "./ensemble.ts";
