import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/base/mod.ts";
import { chunkDocument, type DocumentBlock } from "../../src/retrieval/mod.ts";

const document = (blocks: DocumentBlock[]) => ({ source: "a.md", title: "A", digest: "0", blocks });
const block = (text: string, line: number, ...headings: string[]): DocumentBlock => ({
  ...{ headings, unit: "line", from: line, to: line, text },
});
const wordsOf = (text: string) => text.match(/\S+/g) ?? [];

Deno.test("chunks: blocks below one heading stay together as far as there is room", () => {
  const chunks = chunkDocument(
    document([
      block("one two three", 3, "Saving"),
      block("four five six", 5, "Saving"),
      block("seven eight nine", 7, "Saving"),
      block("ten", 9, "Saving", "Deposits"),
      block("eleven", 11),
    ]),
    { mostWords: 8 },
  );
  assertEquals(chunks.map(({ id, heading, position, text }) => [id, heading, position, text]), [
    ["a.md#1", "Saving", "Saving, lines 3–5", "one two three\nfour five six"],
    ["a.md#2", "Saving", "Saving, line 7", "seven eight nine"],
    ["a.md#3", "Saving › Deposits", "Saving › Deposits, line 9", "ten"],
    ["a.md#4", "", "line 11", "eleven"],
  ]);
});

Deno.test("chunks: a long block is cut at ends of sentences, and says where it stands", () => {
  const sentence = (n: number) => `Sentence ${n} has exactly six words.`;
  const text = [1, 2, 3, 4, 5].map(sentence).join(" ");
  const chunks = chunkDocument(
    document([{ headings: [], unit: "page", from: 2, to: 2, text }]),
    { mostWords: 13 },
  );
  assertEquals(chunks.map(({ text }) => text), [
    `${sentence(1)} ${sentence(2)}`,
    `${sentence(3)} ${sentence(4)}`,
    sentence(5),
  ]);
  assertEquals(new Set(chunks.map(({ position }) => position)), new Set(["page 2"]));
});

Deno.test("chunks: no word is lost, none is there twice, no passage is too long", () => {
  const word = fc.stringMatching(/^[a-z.,]{1,12}$/);
  const paragraph = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "));
  const blocks = fc.array(fc.record({ text: paragraph, heading: fc.constantFrom("x", "y") }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(blocks, fc.integer({ min: 8, max: 40 }), (given, mostWords) => {
      const all = given.map(({ text, heading }, i) => block(text, i + 1, heading));
      const chunks = chunkDocument(document(all), { mostWords });
      assertEquals(
        chunks.flatMap(({ text }) => wordsOf(text)),
        all.flatMap(({ text }) => wordsOf(text)),
      );
      assert(chunks.every(({ text }) => wordsOf(text).length <= mostWords));
      assertEquals(new Set(chunks.map(({ id }) => id)).size, chunks.length);
    }),
    { numRuns: 200, seed: 11 },
  );
});

Deno.test("chunks: one word of a megabyte is cut, so that no passage is without bound", () => {
  const chunks = chunkDocument(document([block("x".repeat(1 << 20), 1)]), { mostWords: 100 });
  assert(chunks.every(({ text }) => text.length <= 100 * 61));
  assertEquals(chunks.reduce((sum, { text }) => sum + text.replaceAll(" ", "").length, 0), 1 << 20);
});

Deno.test("chunks: passages need room", () => {
  for (const mostWords of [7, 0, -1, 8.5, NaN]) {
    assertThrows(() => chunkDocument(document([block("a", 1)]), { mostWords }), UsageError);
  }
});
