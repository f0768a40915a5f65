/** Words that are left out of a text in turn. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { leaveOutWords, wordsTogether } from "../../src/onnx_runtime/leave_out_words.ts";

/** A score that counts "lost", and "card lost" once more. */
function scoreOf(text: string): Float64Array {
  const lost = text.split(" ").filter((word) => word === "lost").length;
  return Float64Array.of(lost + Number(text.includes("card lost")), -lost);
}

const asked: string[] = [];
const score = (texts: readonly string[]) => {
  asked.push(...texts);
  return Promise.resolve(texts.map(scoreOf));
};

Deno.test("words left out: each has the change that it makes, all add up to the whole", async () => {
  asked.length = 0;
  const found = await leaveOutWords(["my", "card", "lost"], scoreOf("my card lost"), score);
  assertEquals(asked, ["card lost", "my lost", "my card"]);
  assertEquals(
    Object.fromEntries(Array.from(found, ([word, added]) => [word, [...added]])),
    { my: [0, 0], card: [1, 0], lost: [2, -1], [wordsTogether]: [-1, 0] },
  );
});

Deno.test("words left out: of a long text in runs, of an empty one none", async () => {
  asked.length = 0;
  const words = Array.from({ length: 100 }, (_, i) => i === 50 ? "lost" : `w${i % 7}`);
  const whole = scoreOf(words.join(" "));
  const found = await leaveOutWords(words, whole, score);
  assertEquals(asked.length, 25);
  const sum = Array.from(found.values(), ([first]) => first).reduce((sum, one) => sum + one, 0);
  assertAlmostEquals(sum, whole[0], 1e-12);
  assertAlmostEquals(found.get("lost")![0], 1 / 4, 1e-12);
  const none = await leaveOutWords([], Float64Array.of(0.5), score);
  assertEquals([...none], [[wordsTogether, Float64Array.of(0.5)]]);
});
