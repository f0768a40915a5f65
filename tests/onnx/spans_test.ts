/** Models of spans: what is exported says the same here, in Deno's and in Python's ONNX Runtime. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { ModelError } from "../../src/base/mod.ts";
import { clean, type TextColumn, tokenRows } from "../../src/features/mod.ts";
import { predictSequences, tagNames } from "../../src/learners/mod.ts";
import { exportSpans } from "../../src/onnx/mod.ts";
import { openModel, openSpans, readSpanModel, spanModel } from "../../src/onnx_runtime/mod.ts";
import { feedTokens } from "../../src/onnx_runtime/token_inputs.ts";
import { tokenHasher } from "../../src/text/mod.ts";
import { madeUpPayments } from "../../pipelines/ner/generate.ts";
import { python } from "../integration/project.ts";
import { fitted, type FittedSpans, tableOf } from "../ner/tables.ts";

const marked = (count: number, seed: number) =>
  madeUpPayments(count, seed).trimEnd().split("\n").slice(1).map((line) => {
    const [, text, entities] = /^"((?:[^"]|"")*)","(.*)"$/.exec(line)!;
    const plain = (cell: string) => cell.replaceAll('""', '"');
    return { text: plain(text), entities: JSON.parse(plain(entities)) };
  });
const odd = [
  ...[
    "",
    " ",
    "?",
    "😀👩‍👩‍👧",
    "карта не работает",
    "\ud800 lone",
    "tab\tand\u0007bell",
    "x".repeat(300),
  ],
  "paid ₹5 to Ola ".repeat(120),
];
const texts = [...odd, ...marked(1000 - odd.length, 5).map(({ text }) => text)];

function native({ set, state, model }: FittedSpans) {
  const data = clean(set, tableOf(texts.map((text) => ({ text, entities: [] }))), {
    target: "none",
    state: { columns: [state], features: [state.name] },
  });
  const rows = Int32Array.from(texts.keys());
  const sequences = tokenRows(state, data.columns.text as TextColumn, rows);
  return { ...predictSequences(model, sequences), offsets: sequences.offsets };
}

const models = await Promise.all(
  (["crf", "averagedPerceptron"] as const).map((kind) => fitted(marked(120, 1), { kind })),
);
const exported = (own: FittedSpans) =>
  exportSpans({
    state: { columns: [own.state], features: [own.state.name] },
    ...{ model: own.model, tags: tagNames(own.set.target.labels) },
    ...{ name: "ner", producerVersion: "1" },
  });

for (const own of models) {
  Deno.test(`spans: ${own.model.kind}, 1,000 texts natively and in Deno's ONNX Runtime`, async () => {
    const { tags, confidence, offsets } = native(own);
    const opened = await openSpans(exported(own));
    const said = await opened.predict({ text: texts });
    await opened.close();
    assertEquals(opened.tags, tagNames(own.set.target.labels));
    texts.forEach((text, i) => {
      const count = offsets[i + 1] - offsets[i];
      const found = Array.from(
        { length: count + 1 },
        (_, t) => said[(1 + t) * texts.length + i] ?? -1,
      );
      assertEquals(found, [...tags.subarray(offsets[i], offsets[i + 1]), -1], text);
      // Float64 on both sides, summed in another order.
      assertAlmostEquals(said[i], confidence[i], 1e-9, text);
    });
    assertEquals([said[0], said[1]], [1, 1]); // a text without tokens
    assert(confidence.some((value) => value < 0.5));
  });
}

for (const own of models) {
  Deno.test(`spans: ${own.model.kind}, 1,000 texts without ONNX Runtime`, async () => {
    const { tags, confidence, offsets } = native(own);
    const bytes = exported(own);
    const opened = await openSpans(bytes);
    const state = { columns: [own.state], features: [own.state.name] };
    const parts = await readSpanModel(bytes, state, opened);
    // As another thread gets them, and with the texts in another order than they were learned in.
    const predict = spanModel(structuredClone(parts!));
    for (const i of texts.keys().toArray().reverse()) {
      const [sure, ...found] = predict([texts[i]]);
      assertEquals(found, [...tags.subarray(offsets[i], offsets[i + 1])], texts[i]);
      assertAlmostEquals(sure, confidence[i], 1e-9, texts[i]);
    }
    // A file that does not say what ONNX Runtime says is not run otherwise than by that.
    for (const [tag, added] of [[0, 0], [0, 0.5], [2, 1]]) {
      const other = {
        ...opened,
        async predict(columns: Parameters<typeof opened.predict>[0]) {
          const said = await opened.predict(columns);
          said[tag * columns.text.length + 3] += added;
          return said;
        },
      };
      const reading = () => readSpanModel(bytes, state, other);
      if (added === 0) await reading();
      else await assertRejects(reading, ModelError, "differ from those of ONNX Runtime");
    }
    await opened.close();
  });
}

Deno.test({
  name: "spans: 1,000 texts, the same ids in Python's ONNX Runtime (needs .venv)",
  ignore: python === undefined,
  async fn() {
    const [own] = models;
    const { tags, confidence, offsets } = native(own);
    const hasher = tokenHasher(own.state.rules);
    const parts = Array.from({ length: 20 }, (_, p) => texts.slice(p * 50, (p + 1) * 50)).map(
      (part) => {
        const { ids, tokens, attributes } = feedTokens(
          hasher,
          part.map((text) => hasher.hash(text)),
        );
        const all = Array.from(ids, Number);
        return part.map((_, i) =>
          Array.from(
            { length: tokens },
            (_, t) => all.slice((i * tokens + t) * attributes, (i * tokens + t + 1) * attributes),
          )
        );
      },
    );
    const path = await Deno.makeTempFile({ suffix: ".onnx" });
    try {
      await Deno.writeFile(path, exported(own));
      const script = join(dirname(fromFileUrl(import.meta.url)), "../python/predict_spans.py");
      const child = new Deno.Command(python!, {
        args: [script, path],
        ...{ stdin: "piped", stdout: "piped", stderr: "inherit" },
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(JSON.stringify(parts)));
      await writer.close();
      const { stdout } = await child.output();
      const said = JSON.parse(new TextDecoder().decode(stdout));
      texts.forEach((text, i) => {
        const count = offsets[i + 1] - offsets[i];
        assertEquals(
          said.tags[i].slice(0, count),
          [...tags.subarray(offsets[i], offsets[i + 1])],
          text,
        );
        assertEquals(said.tags[i].slice(count).every((tag: number) => tag === -1), true);
        assertAlmostEquals(said.confidence[i], confidence[i], 1e-9, text);
      });
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test("spans: files of other tasks, and columns that are no texts, are refused", async () => {
  const [own] = models;
  const bytes = exported(own);
  await assertRejects(() => openModel(bytes), ModelError);
  await assertRejects(() => openSpans(new Uint8Array([1, 2, 3])), ModelError, "Cannot load");
  const opened = await openSpans(bytes);
  await assertRejects(
    () => opened.predict({ texts: ["a"] }),
    ModelError,
    'column "text" is missing',
  );
  await assertRejects(() => opened.predict({ text: [5] }), ModelError, "holds 5 in row 1");
  await opened.close();
  const parts = { state: { columns: [own.state], features: ["text"] }, model: own.model };
  assertThrows(
    () => exportSpans({ ...parts, tags: ["O"], name: "x", producerVersion: "1" }),
    ModelError,
    "the model has 11 tags, not 1",
  );
});
