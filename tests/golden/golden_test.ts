/** What an earlier version made is made again, or read; see renew.ts. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { parseMetadata } from "../../src/registry/mod.ts";
import { recordOf } from "../prediction_log/records.ts";
import { makeDigests } from "./make.ts";
import digests from "./files/digests.json" with { type: "json" };
import metadata from "./files/metadata.json" with { type: "json" };

Deno.test("golden: the same seed gives the same data and the same models", async () => {
  assertEquals(await makeDigests(), digests);
});

Deno.test("golden: a model's metadata are read, and nothing of them is lost", () => {
  assertEquals(JSON.parse(JSON.stringify(parseMetadata(metadata))), metadata);
});

Deno.test("golden: a prediction log is read", async () => {
  const folder = fromFileUrl(import.meta.resolve("./files/log"));
  const [record, ...more] = await Array.fromAsync(readPredictions(folder));
  assertEquals(more, []);
  const written: Record<string, unknown> = { ...recordOf() };
  const read: Record<string, unknown> = { ...record };
  for (const name of ["request_id", "inputs", "prediction", "probabilities", "model_version"]) {
    assertEquals(read[name], written[name], name);
  }
  assertEquals(new Date(record.time).toISOString(), written.time);
});
