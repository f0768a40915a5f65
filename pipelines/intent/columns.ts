/** What a customer of a bank wants, and how it is said. */

import {
  classes,
  type ClassTarget,
  type FeatureSet,
  featureSet,
  freeText,
} from "../../src/features/mod.ts";
import type { SchemaAdditions } from "../../src/validation/mod.ts";

/** The intents that are told apart. */
export const intents = [
  "balance",
  "block_card",
  "dispute",
  "loan",
  "transfer",
  "update_details",
] as const;

/**
 * A message and its intent.
 *
 * @param encoded Whether a sentence encoder reads the message too, if it was fetched.
 */
export function intentFeatures(encoded: boolean): FeatureSet<ClassTarget> {
  const description = "What the customer wrote";
  const encoder = "all-minilm-l6-v2";
  return featureSet({
    target: classes("intent", [...intents]),
    columns: { text: freeText({ description, ...encoded && { encoder } }) },
  });
}

/** What messages must be beside what the features read. */
export const intentRules: SchemaAdditions = {
  columns: { text: { missing: 0.05 }, intent: { missing: 0.05 } },
};
