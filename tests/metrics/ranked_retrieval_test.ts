import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ndcgAtK, recallAtK, reciprocalRank } from "../../src/metrics/mod.ts";

interface Case {
  readonly ranked: string[];
  readonly gains: Record<string, number>;
  readonly measures: Record<string, number>;
}

const cases: Case[] = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/ranked_retrieval.json", import.meta.url)),
);

Deno.test("ranked retrieval: recall, reciprocal rank and NDCG are those of trec_eval", () => {
  assertEquals(cases.length, 40);
  for (const { ranked, gains, measures } of cases) {
    const relevant = new Set(Object.keys(gains));
    const ours: Record<string, number> = { recip_rank: reciprocalRank(ranked, relevant) };
    for (const k of [1, 5, 10]) {
      ours[`recall_${k}`] = recallAtK(ranked, relevant, k);
      ours[`ndcg_cut_${k}`] = ndcgAtK(ranked, new Map(Object.entries(gains)), k);
    }
    assertEquals(Object.keys(ours).sort(), Object.keys(measures).sort());
    // The fixture is rounded to 12 digits; sums of ten terms agree far beyond.
    for (const [name, value] of Object.entries(measures)) {
      assertAlmostEquals(ours[name], value, 1e-11, name);
    }
  }
});

Deno.test("ranked retrieval: nothing found, nothing relevant, names twice, no places", () => {
  const one = new Set(["a"]);
  assertEquals([recallAtK([], one, 5), reciprocalRank([], one)], [0, 0]);
  assertEquals(ndcgAtK([], new Map([["a", 1]]), 5), 0);
  const none = new Set<string>();
  assertEquals([recallAtK(["a"], none, 5), reciprocalRank(["a"], none)], [NaN, NaN]);
  assertEquals(ndcgAtK(["a"], new Map(), 5), NaN);
  assertEquals(recallAtK(["b", "b", "a"], one, 2), 1);
  assertEquals(reciprocalRank(["b", "b", "a"], one), 0.5);
  for (const k of [0, -1, 1.5, NaN]) {
    assertThrows(() => recallAtK(["a"], one, k), Error, "Cannot look at the first");
    assertThrows(() => ndcgAtK(["a"], new Map([["a", 1]]), k), Error, "Cannot look at the first");
  }
});
