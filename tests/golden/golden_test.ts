/** What an earlier version made is made again, or read; see renew.ts. */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { parseMetadata } from "../../src/registry/mod.ts";
import { LocalStore, readArtifact } from "../../src/artifact_store/mod.ts";
import { Project } from "../pipeline/project.ts";
import { recordOf } from "../prediction_log/records.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { answersOf, keptProject, makeDigests, openApi, readGoldenRuns } from "./make.ts";
import answers from "./files/answers.json" with { type: "json" };
import digests from "./files/digests.json" with { type: "json" };
import metadata from "./files/metadata.json" with { type: "json" };
import document from "./files/openapi.json" with { type: "json" };
import runs from "./files/runs.json" with { type: "json" };

const file = (name: string) => fromFileUrl(import.meta.resolve(`./files/${name}`));

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

Deno.test("golden: a model's files are found, served and answer as they did", async () => {
  assertEquals((await latestBundle(file("bundle"))).metadata.version, metadata.version);
  const found = await answersOf(file("bundle")) as typeof answers;
  assertEquals(found.map(({ prediction }) => prediction), answers.map((one) => one.prediction));
  for (const [i, { probabilities }] of found.entries()) {
    // The last digits of a sum may differ between runtimes.
    probabilities.forEach((one, k) => assertAlmostEquals(one, answers[i].probabilities[k], 1e-6));
  }
});

Deno.test("golden: runs in MLflow's layout are read", async () => {
  assertEquals(JSON.parse(JSON.stringify(await readGoldenRuns(file("mlruns")))), runs);
});

Deno.test("golden: what a run has kept is found, read and gone on from", async () => {
  await using project = await Project.create(keptProject);
  const copied = await new Deno.Command("cp", {
    args: ["-R", file("cache"), project.path(".dinoflow")],
  }).output();
  assertEquals(copied.success, true);
  const { deno, status, units } = JSON.parse((await project.run("show", "--json")).stdout);
  assertEquals(status, "succeeded");
  const store = new LocalStore(project.path(".dinoflow"));
  const kept = async (name: string) =>
    await readArtifact(
      store,
      units.find(({ step }: { step: string }) => step === name).artifact.digest,
    );
  assertEquals(await kept("plain"), {
    ...{ text: "ü", none: null, big: 2n ** 70n, when: new Date(0), nan: NaN },
    map: new Map([["a", new Set([1])]]),
  });
  assertEquals(await kept("arrays"), [Float64Array.of(1.5, NaN), Int32Array.of(-1)]);
  const plan = await project.plan("kept");
  const expected = deno === Deno.version.deno ? "CACHED" : "RUN ENVIRONMENT Deno changed";
  assertEquals([plan.plain, plan.arrays], [expected, expected]);
  const { code, stderr } = await project.run("kept", "--quiet");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(await Deno.readTextFile(project.path("sum.txt")), "a-1,b-1");
});

/** What a document promises: its words for people, and its examples, may change. */
const words = new Set(["description", "summary", "title", "example", "examples", "info", "tags"]);

/** What callers of the earlier document rely on and do not find in the later one. */
function missing(earlier: unknown, later: unknown, at: string): string[] {
  if (typeof earlier !== "object" || earlier === null) {
    return earlier === later ? [] : [`${at}: ${earlier} is now ${later}`];
  }
  if (typeof later !== "object" || later === null) return [`${at} is gone`];
  if (Array.isArray(earlier)) {
    const names = (of: unknown) => (of as unknown[]).filter((one) => typeof one === "string");
    // A request may come to need less, an answer may come to have more.
    return /\/requestBody\/.*\/required$/.test(at)
      ? names(later).filter((one) => !earlier.includes(one)).map((one) => `${at}: ${one} is new`)
      : names(earlier).filter((one) => !names(later).includes(one))
        .map((one) => `${at}: ${one} is gone`);
  }
  return Object.entries(earlier).flatMap(([key, value]) =>
    words.has(key) ? [] : missing(value, (later as Record<string, unknown>)[key], `${at}/${key}`)
  );
}

Deno.test("golden: what an earlier document of the server promised is promised still", async () => {
  assertEquals(missing(document, await openApi(), ""), []);
  const gone = structuredClone(document) as { paths: Record<string, unknown> };
  delete gone.paths["/predict"];
  assertEquals(missing(document, gone, ""), ["/paths//predict is gone"]);
});
