/** Over random pipelines and edits: the plan is what the run does, the result that of a fresh run. */

import { assert, assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import fc from "fast-check";
import { Random } from "../../src/base/mod.ts";
import { type ArtifactStore, LocalStore } from "../../src/artifact_store/mod.ts";
import {
  type Pipeline,
  type PlanEntry,
  planPipeline,
  type Reason,
  type RunEvent,
  runPipeline,
  unitName,
} from "../../src/pipeline/mod.ts";
import { planSweep, runSweep } from "../../src/sweeps/mod.ts";
import { Project } from "./project.ts";
import { randomEdit, type RandomProject, randomProject, sources } from "./random_project.ts";

const full = Deno.args.includes("--full");

/** Edits that follow each other in one project: 1,000 with `--full`. */
const EDITS = full ? 10 : 4;
const PROJECTS = full ? 100 : 8;

/** Sweeps that follow each other in one project, an edit between them. */
const SWEEPS = 2;
const SWEPT_PROJECTS = 4;

/** What happened to each unit in a run, and the line that tells all values. */
async function run(pipeline: Pipeline, params: RandomProject["params"], cache?: Cache) {
  const events: RunEvent[] = [];
  const { status } = await runPipeline(pipeline, {
    params,
    cache,
    jobs: 3,
    onEvent: (event) => events.push(event),
  });
  assertEquals(status, "succeeded");
  return happened(events);
}

function happened(events: readonly RunEvent[]) {
  const units = new Map<string, string>();
  let result = "";
  for (const event of events) {
    if (event.type === "log") result = event.text;
    const whole = event.type === "step_finished" && event.artifact === undefined;
    if (event.type === "step_finished" && !whole) {
      units.set(unitName(event.step, event.item), event.status);
    }
  }
  return { units, result };
}

type Cache = { store: ArtifactStore; file: string; root: string };

/** Each edit goes to a folder of its own, because a loaded module stays as it is. */
async function load(project: Project, version: number, content: RandomProject) {
  const data = project.path("data");
  for (const [path, text] of Object.entries(sources(content, data))) {
    await project.write(`v${version}/${path}`, text);
  }
  for (const [i, number] of content.files.entries()) {
    await project.write(`data/f${i}.txt`, String(number));
  }
  const file = project.path(`v${version}/pipeline.ts`);
  const { default: pipeline } = await import(toFileUrl(file).href);
  return { pipeline: pipeline as Pipeline, file, root: project.path(`v${version}`) };
}

/** Deletes or damages an object of the store. */
async function harm(store: LocalStore, random: Random): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list("objects/")) keys.push(key);
  const key = random.choice(keys);
  if (random.int(2) === 0) await store.remove(key);
  else await store.write(key, new Uint8Array([1, 2, 3]));
}

Deno.test("property: the run does what the plan says and gives what a fresh run gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = new Random(seed);
      await using project = await Project.create({});
      const store = new LocalStore(project.path("store"));
      let content = randomProject(random);
      for (let version = 0; version < EDITS; version++) {
        const { pipeline, file, root } = await load(project, version, content);
        const cache = { store, file, root };
        const { params } = content;
        const { entries } = await planPipeline(pipeline, { params, cache });
        const { units, result } = await run(pipeline, params, cache);
        for (const entry of entries) checkEntry(entry, units);
        assertEquals(units.size, entries.length);
        assertEquals(result, (await run(pipeline, params)).result);
        const after = await planPipeline(pipeline, { params, cache });
        for (const { reasons } of after.entries) {
          assert(reasons.every(isUncached), JSON.stringify(reasons));
        }
        if (random.next() < 0.3) await harm(store, random);
        if (random.next() < 0.9) content = randomEdit(content, random);
      }
    }),
    { numRuns: PROJECTS },
  );
});

Deno.test("property: a sweep does what its plan says, and gives what fresh runs give", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = new Random(seed);
      await using project = await Project.create({});
      const store = new LocalStore(project.path("store"));
      let content = randomProject(random);
      const grid = { p: [random.int(5), 5], q: [7, random.int(5), 6] };
      for (let version = 0; version < SWEEPS; version++) {
        const { pipeline, file, root } = await load(project, version, content);
        const cache = { store, file, root };
        const plans = await planSweep(pipeline, { grid, cache });
        const events: RunEvent[][] = [];
        const { points, exitCode } = await runSweep(pipeline, {
          grid,
          cache,
          jobs: 3,
          onEvent: (event) => {
            if (event.type === "run_started") events.push([]);
            events.at(-1)!.push(event);
          },
        });
        assertEquals([exitCode, points.length], [0, 6]);
        for (const [index, { params, entries }] of plans.entries()) {
          const { units, result } = happened(events[index]);
          for (const entry of entries) checkEntry(entry, units, ` in ${JSON.stringify(params)}`);
          assertEquals(units.size, entries.length);
          const fresh = await run(pipeline, params as RandomProject["params"]);
          assertEquals(result, fresh.result);
        }
        content = randomEdit(content, random);
      }
    }),
    { numRuns: SWEPT_PROJECTS },
  );
});

function checkEntry(
  { step, item, verdict, reasons }: PlanEntry,
  units: Map<string, string>,
  where = "",
) {
  const unit = unitName(step, item);
  const happened = units.get(unit);
  const told = `${unit}${where} was planned ${verdict} (${
    JSON.stringify(reasons)
  }) but ${happened}`;
  if (verdict === "RUN") assertEquals(happened, "ran", told);
  else if (verdict === "CACHED") assertEquals(happened, "cached", told);
  else assert(happened === "ran" || happened === "cached", told);
}

/** What is left to run after a run: steps that are never cached, and those behind them. */
function isUncached(reason: Reason): boolean {
  return reason.type === "NOT CACHED" || reason.type === "INPUT" && reason.change === "runs first";
}

Deno.test("property: what earlier runs found out changes no decision", async () => {
  const now = Date.now;
  try {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        Date.now = now;
        const random = new Random(seed);
        await using project = await Project.create({});
        const store = new LocalStore(project.path("store"));
        let content = randomProject(random);
        const { pipeline, file, root } = await load(project, 0, content);
        const cache = { store, file, root };
        const plan = async () =>
          (await planPipeline(pipeline, { params: content.params, cache })).entries;
        await run(pipeline, content.params, cache);
        Date.now = () => now() + 60_000; // files are old enough to be known by their times
        await plan();
        for (let edit = 0; edit < EDITS; edit++) {
          content = randomEdit(content, random);
          for (const [path, text] of Object.entries(sources(content, project.path("data")))) {
            await project.write(`v0/${path}`, text);
          }
          for (const [i, number] of content.files.entries()) {
            await project.write(`data/f${i}.txt`, String(number));
          }
          const remembered = [await plan(), await plan()];
          await store.remove(`state/${pipeline.name}.memory`);
          await store.remove(`facts/${pipeline.name}.json`);
          const found = await plan();
          assertEquals(remembered, [found, found]);
          await plan();
        }
      }),
      { numRuns: PROJECTS },
    );
  } finally {
    Date.now = now;
  }
});
