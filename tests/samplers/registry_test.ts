/** Samplers made from plain data. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import {
  editedNearestNeighbours,
  samplerKinds,
  samplerOf,
  type SamplerSpec,
  smote,
  smoteNc,
} from "../../src/samplers/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";

const X = matrixFromRows(Array.from({ length: 40 }, (_, i) => [i % 13, i % 7, i % 3]));
const y = Int32Array.from({ length: 40 }, (_, i) => Number(i % 4 === 0));

Deno.test("samplerOf: makes every kind, by name or with parameters", async () => {
  for (const kind of samplerKinds) {
    const spec = kind === "smoteNc" ? { kind, params: { categorical: [2] } } : kind;
    const sampler = samplerOf(JSON.parse(JSON.stringify(spec)));
    const sampled = await sampler.sample({ X, y }, new Random(1));
    assert(sampled.y.length > 0, kind);
  }
  const same = async (spec: SamplerSpec, made: ReturnType<typeof smote>) =>
    assertEquals(
      await samplerOf(spec).sample({ X, y }, new Random(2)),
      await made.sample({ X, y }, new Random(2)),
    );
  await same({ kind: "smote", params: { kNeighbors: 2 } }, smote({ kNeighbors: 2 }));
  const categorical = [1];
  await same({ kind: "smoteNc", params: { categorical } }, smoteNc({ categorical }));
  await same("editedNearestNeighbours", editedNearestNeighbours());
  assertEquals(samplerOf("none").name, "Baseline");
});

Deno.test("samplers: what does not exist is refused with the name that was meant", () => {
  const next = (spec: unknown, message: string, wanted: string) => {
    const error = assertThrows(() => samplerOf(spec as SamplerSpec), UsageError, message);
    assert(error.next?.includes(wanted), `${error.next} has no ${wanted}`);
  };
  next("smot", 'kind of sampler "smot"', '"smote"');
  next("SMOTE", 'kind of sampler "SMOTE"', '"smote"');
  next(3, "Cannot set up a sampler with 3", "object");
  next({ kind: "smote", params: { k_neighbors: 3 } }, "k_neighbors of SMOTE", '"kNeighbors"');
  next({ kind: "smoteTomek", params: { k: 3 } }, "k of SMOTETomek", "kNeighbors");
  next({ kind: "smoteN", params: { kNeighbours: 3 } }, "of SMOTEN", '"kNeighbors"');
  next({ kind: "adasyn", param: {} }, "param of the sampler adasyn", '"params"');
  next({ kind: "adasyn", params: { nNeighbours: 1 } }, "nNeighbours", '"nNeighbors"');
  next({ kind: "borderlineSmote", params: { m: 1 } }, "of BorderlineSMOTE", "mNeighbors");
  next({ kind: "editedNearestNeighbours", params: { n: 1 } }, "of ENN", "nNeighbors");
  next({ kind: "none", params: { k: 1 } }, "k of Baseline", "there are none");
  next({ kind: "smoteNc", params: { categorical: [] } }, "no categorical column", "name some");
});

Deno.test("SMOTE: of a class with one row it says what can be done", async () => {
  const one = { X, y: Int32Array.from(y, (_, i) => Number(i === 3)), classNames: ["no", "yes"] };
  for (const spec of ["smote", "smoteN", "adasyn", "borderlineSmote", "smoteTomek"] as const) {
    const error = await assertRejects(
      async () => await samplerOf(spec).sample(one, new Random(0)),
      DataError,
      "class yes",
    );
    assert(error.message.includes("it has 1 row"));
    // Fewer neighbours would not help.
    assert(error.next?.startsWith("a single row has no other") && !error.next.includes("fewer"));
  }
});
