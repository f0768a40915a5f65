import { assertEquals } from "@std/assert";
import { knowledgeGates, missedGates } from "../../pipelines/advisor/gates.ts";

const reached = {
  recall_at_5: 0.92,
  mrr: 0.8,
  answers_cited: 0.8,
  answers_grounded: 1,
  latency_ms_p50: 9,
};

const missed = (published: Record<string, number> | undefined, least = {}, tolerance = 0.01) =>
  missedGates(knowledgeGates(reached, least, published, tolerance));

Deno.test("gates: without anything published the parameters alone decide", () => {
  assertEquals(missed(undefined), []);
  assertEquals(missed(undefined, { recall_at_5: 0.92, answers_grounded: 1 }), []);
  assertEquals(missed(undefined, { recall_at_5: 0.93 }), [
    "recall_at_5 is 0.9200, wanted at least 0.9300 (parameter)",
  ]);
});

Deno.test("gates: a figure that is not there is missed, not passed over", () => {
  assertEquals(missed(undefined, { answers_pii_handled: 0 }), [
    "answers_pii_handled is NaN, wanted at least 0.0000 (parameter)",
  ]);
});

Deno.test("gates: search and answers may not be worse than what is published, times may", () => {
  assertEquals(missed(reached), []);
  assertEquals(missed({ ...reached, recall_at_5: 0.925, latency_ms_p50: 1 }), []);
  assertEquals(missed({ ...reached, mrr: 0.82 }), [
    "mrr is 0.8000, wanted at least 0.8100 (published: 0.8200)",
  ]);
  // A prompt with which fewer answers cite what they should is worse, whatever is found.
  assertEquals(missed({ ...reached, answers_cited: 0.9 }), [
    "answers_cited is 0.8000, wanted at least 0.8900 (published: 0.9000)",
  ]);
  assertEquals(missed({ ...reached, answers_cited: 0.9 }, {}, 0.2), []);
  assertEquals(missed({ answers_new_figure: 1 }), []);
});
