/** Parallel coordinates: places on axes of numbers, of texts, and of what is missing. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { parallelLinesFigure } from "../../src/report/mod.ts";

Deno.test("parallel coordinates: each axis from its least to its greatest value", () => {
  const { data, layout, description } = parallelLinesFigure("Runs", ["one", "two", "three"], [
    { label: "rate", values: [1, 3, 2] },
    { label: "same", values: [5, 5, 5] },
    { label: "auc", values: [0.5, NaN, 0.9] },
    { label: "model", values: ["LR", "<b>", ""] },
  ]);
  assertEquals(data.map(({ y }) => y), [[0, 0, 0, 1], [1, 0, null, 0], [0.5, 0, 1, null]]);
  assertEquals(
    (layout.annotations as { text: string }[]).map(({ text }) => text),
    ["1", "3", "5", "0.5", "0.9", "&lt;b>", "LR"],
  );
  assertStringIncludes(description, "two with rate 3, same 5, auc –, model <b>");
});
