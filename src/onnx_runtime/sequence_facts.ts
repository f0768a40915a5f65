/** What the file of a model of spans says about itself, so that its tags can be explained. */

import { z } from "zod";

/** Key of the facts among a model file's metadata. */
export const sequenceFactsKey = "sequence";

/** How a linear model of sequences stands in its graph. */
export interface SequenceFacts {
  /** Name of the constant with what each attribute adds to each tag, shape [attributes + 1, tags]. */
  readonly weights: string;
  /** What each tag (second) after another (first) adds, shape [tags × tags]. */
  readonly transitions: readonly number[];
  /** 1 for each tag that a text may start with, shape [tags]. */
  readonly starts: readonly number[];
  /** 1 for each tag (second) that may follow another (first), shape [tags × tags]. */
  readonly follows: readonly number[];
}

/** Reads the facts from a metadata text; throws if it is malformed. */
export function parseSequenceFacts(text: string): SequenceFacts {
  const facts = sequenceFacts.parse(JSON.parse(text));
  const tags = facts.starts.length;
  if (facts.follows.length !== tags ** 2 || facts.transitions.length !== tags ** 2) {
    throw new Error("the numbers of tags and transitions differ");
  }
  return facts;
}

const sequenceFacts: z.ZodType<SequenceFacts> = z.object({
  weights: z.string(),
  transitions: z.array(z.number()),
  starts: z.array(z.number()).min(1),
  follows: z.array(z.number()),
});
