/**
 * Chains of tags: which may follow which, the best sequence of them for a text, and what all
 * sequences add up to.
 *
 * @module
 */

export { AllReadings } from "./all_readings.ts";
export type { TagChain, TagOrder } from "./contract.ts";
export { TagReadings } from "./readings.ts";
export { Viterbi } from "./viterbi.ts";
