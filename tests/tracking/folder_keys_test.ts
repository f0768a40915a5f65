/** Every key, value and name that MLflow takes is kept in the folder, as Python's MLflow reads it. */

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/base/mod.ts";
import { splitKeyTags, storedKey } from "../../src/tracking/file_keys.ts";
import { readRuns } from "../../src/tracking/file_reader.ts";
import { openTracker } from "../../src/tracking/mod.ts";
import { hasMlflow, needsMlflow } from "./mlflow_server.ts";
import { readBack } from "./read_back.ts";

const env = () => undefined;
const letters = fc.constantFrom(..."abzAZ019_-. :é鍵値모델дΩ".split(""));
const part = fc.oneof(
  fc.string({ unit: letters, minLength: 1, maxLength: 12 }),
  fc.constantFrom("loss", "total", "k".repeat(124), "鍵".repeat(120)),
).filter((text) => text !== "." && text !== "..");
const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"))
  .filter((text) => text.length <= 250 && !text.startsWith(".."));
const value = fc.string({ unit: "grapheme", maxLength: 40 });
const number = fc.double({ noDefaultInfinity: false });
const content = fc.record({
  name: value.filter((text) => text !== ""),
  params: fc.uniqueArray(fc.tuple(key, value), { selector: ([key]) => key, maxLength: 6 }),
  tags: fc.uniqueArray(fc.tuple(key, value), { selector: ([key]) => key, maxLength: 6 }),
  metrics: fc.uniqueArray(fc.tuple(key, number), { selector: ([key]) => key, maxLength: 6 }),
});
const fixed = (keys: readonly string[]) => ({
  name: "a\u2028b\u0085c\u007f \u{1f600} モデル",
  params: keys.map((key): [string, string] => [key, `of ${key}\r\n\u2028`]),
  tags: keys.map((key): [string, string] => [key, ""]),
  metrics: keys.map((key, i): [string, number] => [key, i]),
});
const contents = [
  fixed(["loss", "loss/total", "loss/total/deep"]),
  fixed(["loss/total/deep", "loss/total", "loss"]),
  fixed(["k".repeat(250), `${"k".repeat(200)}/x`, "鍵".repeat(250), "鍵".repeat(250).slice(1)]),
  fixed([" ", "a...", "a ", "a/ b", "x:y", "Ω-1"]),
];

Deno.test(`file store: any legal key, value and name is read back ${needsMlflow}`, {
  ignore: !hasMlflow,
}, async () => {
  const root = await Deno.makeTempDir({ prefix: "keys-" });
  try {
    const tracker = await openTracker({ root, env });
    const experiment = await tracker.experiment("Schlüssel 鍵\u2028\u0085");
    const given = [...contents, ...fc.sample(content, { numRuns: 40, seed: 16 })];
    for (const [i, { name, params, tags, metrics }] of given.entries()) {
      const run = await tracker.startRun(experiment, { name, startTime: 1000 + i });
      await run.logParams(Object.fromEntries(params));
      await run.logMetrics(Object.fromEntries(metrics), { timestamp: 5, step: 1 });
      await run.setTags(Object.fromEntries(tags));
      await run.end();
    }
    const [runs] = await readBack(root, [experiment.name]);
    const own = await Array.fromAsync(readRuns(root));
    assertEquals(runs.length, given.length);
    for (const [i, { name, params, tags, metrics }] of given.entries()) {
      const read = runs[i];
      const { keys } = splitKeyTags(read.tags);
      const restored = <T>(values: Readonly<Record<string, T>>) =>
        Object.fromEntries(Object.entries(values).map(([key, one]) => [storedKey(key, keys), one]));
      assertEquals(read.name, name);
      assertEquals(restored(read.params), Object.fromEntries(params));
      assertEquals(
        restored(read.metrics),
        Object.fromEntries(metrics.map(([key, one]) => [key, [[1, 5, pythonNumber(one)]]])),
      );
      const known = restored(splitKeyTags(read.tags).tags);
      assertEquals({ ...known, ...Object.fromEntries(tags) }, known);
      // What is sent later has the keys themselves.
      assertEquals(own[i].params, Object.fromEntries(params));
      assertEquals(own[i].points.length, metrics.length);
      assertEquals({ ...own[i].tags, ...Object.fromEntries(tags) }, own[i].tags);
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

/** A number as read_mlflow.py prints it; a file has no −0. */
function pythonNumber(value: number): number | string {
  if (Number.isNaN(value)) return "nan";
  if (Number.isFinite(value)) return value + 0;
  return value > 0 ? "inf" : "-inf";
}

Deno.test("file store: artifacts that exclude each other, or are too long, are refused by name", async () => {
  const root = await Deno.makeTempDir({ prefix: "artifacts-" });
  try {
    const tracker = await openTracker({ root, env });
    const run = await tracker.startRun(await tracker.experiment("e"), { name: "r" });
    const bytes = new Uint8Array(1);
    await run.logArtifact("plots", bytes);
    await run.logArtifact("data/a", bytes);
    const refused = [
      ["plots/a.html", "plots is there and is a file"],
      ["data", "data is there and is a folder"],
      ["data/a/b/c", "data/a is there and is a file"],
      [`x/${"鍵".repeat(100)}`, "longer than 255 bytes"],
    ];
    for (const [path, message] of refused) {
      await assertRejects(() => run.logArtifact(path, bytes), UsageError, message);
    }
    await run.logArtifact("n".repeat(250), bytes);
    await run.end();
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
