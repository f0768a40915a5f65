/** What the file of a linear model says about itself, so that its scores can be explained. */

import { z } from "zod";

/** Key of the facts among a model file's metadata. */
export const linearFactsKey = "linear";

/** How a linear model stands in its graph. */
export interface LinearFacts {
  /** Name of the tensor that it reads, shape [N, features]. */
  readonly matrix: string;
  /** Each column of that tensor: name of the feature, and the raw column that it was made from. */
  readonly features: readonly { readonly name: string; readonly column: string }[];
  /** Mean of each column over the training rows. */
  readonly centre: readonly number[];
  /** Slopes, output by output. */
  readonly coefficients: readonly number[];
  /** Score of each output at the centre. */
  readonly intercepts: readonly number[];
  /** From scores to probabilities. */
  readonly link: "identity" | "softmax" | "logistic";
  /** Whether a calibration follows: the most probable class need not have the highest score. */
  readonly calibrated?: boolean;
  /** The columns that hold bags of terms. */
  readonly bags?: readonly BagFacts[];
}

/** How a column of bags stands in its graph. */
export interface BagFacts {
  /** Name of the raw column. */
  readonly column: string;
  /** Its place among the columns of the matrix. */
  readonly place: number;
  /** Name of the tensor with the terms of each row, shape [N, L]. */
  readonly places: string;
  /** Name of the tensor with their values, shape [N, L]. */
  readonly values: string;
  /** Name of the constant with the slopes, shape [terms + 1, outputs]. */
  readonly slopes: string;
}

/** Reads the facts from a metadata text; throws if it is malformed. */
export function parseLinearFacts(text: string): LinearFacts {
  const facts = linearFacts.parse(JSON.parse(text));
  const { features, centre, coefficients, intercepts } = facts;
  if (
    centre.length !== features.length ||
    coefficients.length !== features.length * intercepts.length
  ) {
    throw new Error("the numbers of features and coefficients differ");
  }
  return facts;
}

const linearFacts: z.ZodType<LinearFacts> = z.object({
  matrix: z.string(),
  features: z.array(z.object({ name: z.string(), column: z.string() })),
  centre: z.array(z.number()),
  coefficients: z.array(z.number()),
  intercepts: z.array(z.number()).min(1),
  link: z.enum(["identity", "softmax", "logistic"]),
  calibrated: z.boolean().optional(),
  bags: z.array(z.object({
    column: z.string(),
    place: z.int().min(0),
    places: z.string(),
    values: z.string(),
    slopes: z.string(),
  })).optional(),
});
