/** Whether texts of other meaning are told apart where their words are all rare. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import { embed, encodersFolder, readEncoder } from "../../src/encoders/mod.ts";
import { type DriftFindings, driftPage, driftVerdict } from "../../src/monitoring/mod.ts";
import { driftJsonOf } from "../../src/monitoring/report/drift_json.ts";
import { type Embed, someTexts } from "../../src/monitoring/sides/meaning.ts";
import { addBlock, type WatchedTexts } from "../../src/monitoring/watch/watched_texts.ts";
import { compareFiles, now } from "./files.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "../..");
const folder = join(root, encodersFolder);
const fetched = await readEncoder("all-minilm-l6-v2", folder) !== undefined;

/** Texts of words that no other text has; a share of them has an even number of letters. */
function rare(seed: number, even: number, rows = 400) {
  const random = new Random(seed);
  const word = (length: number) =>
    Array.from({ length }, () => "abcdefghijklmnop"[random.int(16)]).join("");
  const texts = Array.from(
    { length: rows },
    () => [9, 8, 9, 8, random.next() < even ? 9 : 8].map(word).join(" "),
  );
  return { rows, columns: { text: (row: number) => texts[row] } };
}

/** Reads whether the number of letters is even, which no n-gram tells; all else is noise. */
const madeUp: Embed = (_, texts) => {
  const size = 6;
  const vectors = new Float32Array(new SharedArrayBuffer(4 * size * texts.length));
  texts.forEach((text, i) => {
    const noise = new Random([...text].reduce((sum, c) => (31 * sum + c.charCodeAt(0)) % 1e9, 7));
    for (let k = 0; k < size; k++) vectors[i * size + k] = noise.normal();
    if (text.length % 2 === 1) vectors[i * size] += 2;
  });
  return Promise.resolve({ size, vectors });
};

const drifted = ({ inputs }: DriftFindings) =>
  inputs.columns.map(({ column, drifted }) => [column, drifted]);

Deno.test("meaning: a shift that no n-gram tells is found, told with its band, and the same again", async () => {
  const compare = (even: number) =>
    compareFiles(rare(1, 0.3), rare(3, even), {}, { embed: madeUp });
  const found = await compare(0.7);
  assertEquals(drifted(found), [["text", false], ["meaning of text", true]]);
  const [, { test, effect, note }] = found.inputs.columns;
  assertEquals(test, "embedding_domain_classifier");
  // A share of 0.4 more of them is moved by two deviations: 0.4 × (2 Φ(√2) − 1).
  assert(Math.abs(effect! - 0.337) < 0.15, `${effect}`);
  assertStringIncludes(note!, "by chance up to 0.557");
  assertStringIncludes(await driftPage(found, now), note!);
  assertStringIncludes(driftVerdict(found), "drift in 1 of 2 columns: meaning of text");
  assertEquals(driftJsonOf(found, now).columns[1].p_value, found.inputs.columns[1].p_value);
  assertEquals((await compare(0.7)).inputs, found.inputs);
  assertEquals(drifted(await compare(0.3)), [["text", false], ["meaning of text", false]]);
});

Deno.test("meaning: texts of the same sort are called drift in at most 1 of 20 reports or so", async () => {
  let alarms = 0;
  for (let i = 0; i < 40; i++) {
    const found = await compareFiles(rare(100 + i, 0.5, 80), rare(200 + i, 0.5, 60), {}, {
      embed: madeUp,
    });
    alarms += Number(found.inputs.columns[1].drifted);
  }
  // More than 6 of 40 at a rate of 0.05 come once in 300 times.
  assert(alarms <= 6, `${alarms}`);
});

Deno.test("meaning: of long columns some texts are encoded, the first part of each, without what is masked", async () => {
  const seen: string[] = [];
  const odd = ["", " ", "12345", "\ud800 lone surrogate", `${"word ".repeat(5000)}`];
  const many = (seed: number) => {
    const { rows, columns } = rare(seed, 0.5, 3000);
    const text = (row: number) => odd[row] ?? `${columns.text(row)} pay 4417 to asha@okbank`;
    return { rows, columns: { text, more: (row: number) => row % 7 } };
  };
  await compareFiles(many(1), many(2), {}, {
    embed(encoder, texts, options) {
      seen.push(...texts);
      return madeUp(encoder, texts, options);
    },
  });
  assertEquals(seen.length, 2000);
  assert(seen.every((text) => text !== "" && text.length <= 2000 && !/[\d@]/.test(text)));
});

Deno.test("meaning: without an encoder the report says what to do, and a signal stops the encoding", async () => {
  const found = await compareFiles(rare(1, 0.3), rare(2, 0.7), {}, {
    embed: () => Promise.resolve(undefined),
  });
  assertEquals(drifted(found), [["text", false]]);
  const told =
    "Not compared: meaning of text (the sentence encoder was not fetched: deno task encoder)";
  assertStringIncludes(driftVerdict(found), told);
  assertEquals(driftJsonOf(found, now).not_compared, [
    { column: "meaning of text", why: "the sentence encoder was not fetched: deno task encoder" },
  ]);
  const evidently = await compareFiles(rare(1, 0.3), rare(2, 0.7), { preset: "evidently" }, {
    embed: () => Promise.reject(new Error("nothing is encoded")),
  });
  assertEquals(drifted(evidently), [["text", false]]);
  const stop = new AbortController();
  const stopped = compareFiles(rare(1, 0.3), rare(2, 0.7), {}, {
    signal: stop.signal,
    embed(encoder, texts, { signal }) {
      stop.abort(new Error("enough"));
      signal!.throwIfAborted();
      return madeUp(encoder, texts, {});
    },
  });
  await assertRejects(() => stopped, Error, "enough");
});

Deno.test("meaning: of each group one text is encoded, and of digests and gaps none", () => {
  const texts = ["a b", "c d", null, "e f", "sha256:0123456789abcdef", "g h"];
  const groups = Int32Array.of(0, 0, 1, 1, 2, 3);
  const found = someTexts(texts, groups, 1);
  assertEquals(found.length, 3);
  assertEquals(found.filter((text) => ["a b", "c d"].includes(text)).length, 1);
  assertEquals(found.toSorted().slice(-2), ["e f", "g h"]);
  assertEquals(someTexts(texts, undefined, 1).toSorted(), ["a b", "c d", "e f", "g h"]);
});

const animals =
  "badger beaver camel cheetah crocodile donkey eagle ferret flamingo gazelle giraffe " +
  "gorilla hamster hedgehog hippo hyena iguana jackal jaguar kangaroo koala lemur leopard lizard llama " +
  "lynx meerkat moose ostrich otter panda panther parrot pelican penguin rhino squirrel tortoise walrus zebra";
const tools =
  "anvil axe bellows bolt bucket chainsaw chisel clamp crowbar drill file gauge grinder hacksaw " +
  "hammer hinge hoe jigsaw ladder lathe lever mallet nail pickaxe plane pliers pulley rake rasp ratchet " +
  "sander scraper screwdriver shovel spanner spade toolbox trowel vice wrench";

Deno.test({
  name: "meaning: words of another topic, each met once, by the encoder (needs the encoder)",
  ignore: !fetched,
  async fn() {
    const some = (words: string) => {
      const own = words.split(" ");
      return {
        rows: own.length,
        columns: { text: (row: number) => `we have seen a ${own[row]} there` },
      };
    };
    const kept: Embed = (encoder, texts, options) =>
      embed(encoder, texts, { ...options, folder, keep: false });
    const found = await compareFiles(some(animals), some(tools), {}, { embed: kept });
    assertEquals(drifted(found), [["text", false], ["meaning of text", true]]);
    assert(found.inputs.columns[1].effect! > 0.6);
  },
});

Deno.test("meaning: of streams of blocks that never change, 1 of 20 at most looks changed ever", () => {
  const random = new Random(3);
  const streams = 4000;
  let alarms = 0;
  for (let i = 0; i < streams; i++) {
    const own: WatchedTexts = { waiting: [], blocks: 0, evidence: 0, latest: null };
    // The worst that can be: half of the streams have the same chance in every block.
    const same = random.next();
    for (let block = 0; block < 50; block++) addBlock(own, i % 2 === 0 ? same : random.next());
    if (own.evidence >= 20) alarms++;
  }
  assert(alarms / streams <= 0.05, `${alarms} of ${streams}`);
  const sure: WatchedTexts = { waiting: [], blocks: 0, evidence: 0, latest: null };
  addBlock(sure, 0);
  assert(Number.isFinite(sure.evidence) && sure.evidence > 1e6);
});
