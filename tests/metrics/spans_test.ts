/** Scores of spans, beside seqeval and worked out by hand. */

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  countSpans,
  flatTags,
  metricOf,
  spanScores,
  spansOfTags,
  wholeTexts,
} from "../../src/metrics/mod.ts";
import fixture from "./fixtures/spans.json" with { type: "json" };

const names = ["O", "B-a", "I-a", "B-b", "I-b"];
const flat = (texts: readonly (readonly string[])[]) =>
  texts.flatMap((tags, i) => [...i > 0 ? [-1] : [], ...tags.map((tag) => names.indexOf(tag))]);

Deno.test("spans: precision, recall and F1 are seqeval's", () => {
  const [yTrue, labels] = [flat(fixture.true), flat(fixture.predicted)];
  const input = { yTrue, labels, classes: 2 };
  // Sums and quotients of the same whole numbers: equal but for the last digit.
  assertAlmostEquals(metricOf("span_f1", "spans").compute(input), fixture.f1, 1e-12);
  assertAlmostEquals(metricOf("span_precision").compute(input), fixture.precision, 1e-12);
  assertAlmostEquals(metricOf("span_recall").compute(input), fixture.recall, 1e-12);
  countSpans(yTrue, labels, 2).forEach((own, l) =>
    assertAlmostEquals(spanScores([own]).f1, fixture.f1OfLabels[l], 1e-12)
  );
  const [a, b] = fixture.f1OfLabels;
  assertAlmostEquals(metricOf("span_f1_macro").compute(input), (a + b) / 2, 1e-12);
});

Deno.test("spans: a text that counts twice is one that is there twice", () => {
  const [yTrue, labels] = [[1, 2, 0, -1, 3, 0, -1, 1], [1, 0, 0, -1, 3, 0, -1, 0]];
  const twice = (tags: number[]) => [...tags, -1, ...tags.slice(0, 3), -1, ...tags.slice(4, 6)];
  const sampleWeight = [2, 2, 1];
  for (const name of ["span_f1", "span_f1_partial", "span_recall", "whole_texts"]) {
    assertAlmostEquals(
      metricOf(name).compute({ yTrue, labels, classes: 2, sampleWeight }),
      metricOf(name).compute({ yTrue: twice(yTrue), labels: twice(labels), classes: 2 }),
      1e-12,
      name,
    );
  }
});

Deno.test("spans: in part each true one is met once; what goes on with nothing starts one", () => {
  const [counts] = countSpans([1, 2, 2, 2, 2], [1, 1, 2, 0, 1], 1);
  assertEquals(counts, { support: 1, predicted: 3, exact: 0, partial: 1 });
  assertEquals(spansOfTags([2, 2, 4, 1]).length, 3);
  assertEquals(spansOfTags([1, -1, 2]).length, 2);
  assertEquals(spanScores([]).f1, 0);
  assertEquals(wholeTexts([0, 1, -1, 0], [0, 0, -1, 0]), 0.5);
  assertEquals([...flatTags([1, -1, 0, 0], [0.9, 0.8, 1, 3, -1, 4])], [1, -1, 3, 4]);
  assertThrows(() => countSpans([1], [1, 2], 1), RangeError, "Wanted as many predicted tags");
});
