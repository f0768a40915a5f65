/** What the file of a tree model says about itself, so that its scores can be explained. */

import { z } from "zod";
import type { TreeEnsemble } from "../trees/mod.ts";

/** Key of the facts among a model file's metadata. */
export const treeFactsKey = "trees";

/** How a `TreeEnsemble` operator stands in its graph. */
export interface TreeFacts {
  /** Name of the tensor that the trees read, shape [N, features]. */
  readonly matrix: string;
  /** Each column of that tensor: name of the feature, and the raw column that it was made from. */
  readonly features: readonly { readonly name: string; readonly column: string }[];
  /** Score of each output before any tree. */
  readonly base: readonly number[];
  /** Factor on the summed leaf values. */
  readonly scale: number;
  /** From scores to predictions. */
  readonly link: TreeEnsemble["link"];
}

/** Reads the facts from a metadata text; throws if it is malformed. */
export function parseTreeFacts(text: string): TreeFacts {
  return treeFacts.parse(JSON.parse(text));
}

const treeFacts: z.ZodType<TreeFacts> = z.object({
  matrix: z.string(),
  features: z.array(z.object({ name: z.string(), column: z.string() })),
  base: z.array(z.number()),
  scale: z.number(),
  link: z.enum(["identity", "softmax", "logistic", "exp", "exp2"]),
});
