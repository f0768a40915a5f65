/** Texts as hashed n-grams, against scikit-learn's. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import {
  clean,
  featureSet,
  fit,
  freeText,
  type FreeTextState,
  kindOf,
  transform,
} from "../../src/features/mod.ts";
import {
  idCount,
  longestTextRead,
  murmur3,
  ngramHasher,
  ngramRules,
  normalText,
  tracedHasher,
} from "../../src/text/mod.ts";

interface Fixture {
  hashes: [text: string, seed: number, hash: number][];
  bags: { bits: number; texts: string[]; rows: [id: number, value: number][][] };
}

const { hashes, bags }: Fixture = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/ngrams.json", import.meta.url)),
);

Deno.test("murmur3: gives scikit-learn's hashes", () => {
  for (const [text, seed, hash] of hashes) {
    const bytes = new TextEncoder().encode(`?${text}?`);
    assertEquals(murmur3(bytes, 1, bytes.length - 1, seed), hash, `${text} ${seed}`);
  }
});

Deno.test("free text: the bags are those of scikit-learn's TfidfVectorizer", () => {
  const set = featureSet({
    target: { column: "y", classes: ["a", "b"] },
    columns: { x: freeText({ bits: bags.bits, minCount: 1 }) },
  });
  const table = { rows: bags.texts.length, columns: { x: bags.texts } };
  const data = clean(set, table, { target: "none" });
  const state = fit(set, data);
  const [column] = state.columns as FreeTextState[];
  const { bags: made } = transform(state, data);
  const [{ offsets, places, values }] = made!;
  bags.rows.forEach((expected, row) => {
    const found = Array.from(
      { length: offsets[row + 1] - offsets[row] },
      (_, i) => [column.ids[places[offsets[row] + i]], values[offsets[row] + i]],
    ).sort(([a], [b]) => a - b);
    assertEquals(found.map(([id]) => id), expected.map(([id]) => id), bags.texts[row]);
    // Float32 of products and quotients of three numbers.
    found.forEach(([, value], i) => assert(Math.abs(value - expected[i][1]) < 2e-6));
  });
});

Deno.test("free text: learns rarities from the training rows alone", () => {
  const set = featureSet({
    target: { column: "y", classes: ["a", "b"] },
    columns: { x: freeText({ letters: null, words: [1, 1], minCount: 1 }) },
  });
  const data = clean(set, { rows: 3, columns: { x: ["one two", "two", "three"] } }, {
    target: "none",
  });
  const state = fit(set, data, Int32Array.of(0, 1));
  const [column] = state.columns as FreeTextState[];
  assertEquals([column.rows, column.ids.length, [...column.counts].sort()], [2, 2, [1, 2]]);
  assertEquals([...transform(state, data).bags![0].offsets], [0, 2, 3, 3]);
});

Deno.test("free text: a text of any length, script and dirt is read, and a long one is cut and told", () => {
  const hash = ngramHasher(ngramRules());
  const long = "lost card ".repeat(10_000);
  assertEquals(hash(long).ids, hash(long.slice(0, longestTextRead)).ids);
  const set = featureSet({
    target: { column: "y", classes: ["a", "b"] },
    columns: { x: freeText({ minCount: 1 }) },
  });
  const { notices } = clean(set, { rows: 2, columns: { x: [long, "x"] } }, { target: "none" });
  assertEquals(notices?.map(({ what, count }) => [what, count]), [["cut", 1]]);
  const rules = ngramRules({ bits: 8 });
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (any) => {
    const { ids, weights } = ngramHasher(rules)(any);
    assert(ids.every((id) => id >= 0 && id < idCount(rules)));
    assert(weights.every((weight) => weight >= 1 && weight < 20));
    assertEquals(new Set(ids).size, ids.length);
    assertEquals(normalText(normalText(any)).isWellFormed(), true);
  }));
  for (const lone of ["\ud800", "a\udc00b", "\ud800\ud800"]) assert(hash(lone).ids.length > 0);
  for (const empty of ["", " ", "\u0000\u200b\t\n"]) assertEquals(hash(empty).ids.length, 0);
});

Deno.test("free text: texts without words are learned by their letters, none at all are refused", () => {
  const set = featureSet({
    target: { column: "y", classes: ["a", "b"] },
    columns: { x: freeText() },
  });
  const learn = (texts: string[]) =>
    fit(set, clean(set, { rows: texts.length, columns: { x: texts } }, { target: "none" }));
  const [column] = learn(["😀 12", "😀 12", "!!"]).columns as FreeTextState[];
  const kind = kindOf(column);
  assertEquals([column.words, kind.draw(column, new Random(1)), kind.example(column)], [
    [],
    "",
    "",
  ]);
  assert(kind.borders(column).length > 5);
  for (const nothing of [["", " "], ["once", "another"]]) {
    assertThrows(() => learn(nothing), DataError, 'column "x"');
  }
});

Deno.test("free text: each n-gram is traced to the words that it was made of", () => {
  const { words, slots, spans, ids } = tracedHasher(ngramRules({ letters: null, words: [1, 2] }))(
    "Lost, don't  lost",
  );
  assertEquals(words, ["lost,", "don't", "lost"]);
  // lost, don, t, lost; lost don, don t, t lost.
  assertEquals(spans, [[0, 0], [1, 1], [1, 1], [2, 2], [0, 1], [1, 1], [1, 2]]);
  assertEquals([slots[0] === slots[3], ids.length], [true, 6]);
});

Deno.test("free text: a declaration that contradicts itself is refused", () => {
  for (
    const wrong of [
      { words: null, letters: null },
      { words: [2, 1] as const },
      { letters: [0, 3] as const },
      { letters: [1, 99] as const },
      { bits: 30 },
    ]
  ) assertThrows(() => freeText(wrong), UsageError, "Cannot make n-grams");
  assertThrows(
    () =>
      featureSet({
        target: { column: "y", classes: ["a", "b"] },
        columns: { x: freeText({ minCount: 0 }) },
      }),
    UsageError,
    "minCount",
  );
});
