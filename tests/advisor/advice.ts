/** An answer as it is kept. */

import type { Advice } from "../../src/advisor/mod.ts";

/** One with these ids. */
export const advice = (
  id: string,
  conversation: string,
  answer = "Save a little. [1]",
): Advice => ({
  ...{ id, conversation, mode: "extractive", answer, sources: [], tools: [], refusal: null },
  ...{ redacted: [], withheld: [], disclaimer: null, notices: [], first_text_ms: 1 },
  usage: { model: null, input_tokens: 0, output_tokens: 0, estimated: false, cost_usd: 0 },
});
