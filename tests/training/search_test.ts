/** Trainings that search: trials as steps, tracked, given up, timed out, killed and gone on with. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { type RunEvent, runPipeline } from "../../src/pipeline/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import searched from "../fixtures/training/searched.ts";
import { giveKnownCode } from "../known_code.ts";
import { pimaTable } from "./tables.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
const fixture = join(root, "tests/fixtures/training/searched.ts");

interface Ran {
  readonly status: string;
  readonly events: readonly RunEvent[];
  readonly lines: string;
  readonly error: string;
}

/** A folder with a table, in which a search may run several times. */
class Place implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async make(table = pimaTable()): Promise<Place> {
    const folder = await Deno.makeTempDir({ prefix: "search-" });
    await Deno.writeTextFile(join(folder, "data.csv"), table);
    return new Place(folder);
  }

  get params() {
    const at = (name: string) => join(this.folder, name);
    return {
      data: at("data.csv"),
      models: at("models"),
      reports: at("reports"),
      tracking: at("mlruns"),
      folds: 3,
    };
  }

  /** Runs up to the choice of a trial, or all of it. */
  async run(
    params: Record<string, unknown> = {},
    { jobs = 2, cached = false, whole = false } = {},
  ): Promise<Ran> {
    const events: RunEvent[] = [];
    const stop = new AbortController();
    const { status } = await runPipeline(searched, {
      signal: stop.signal,
      params: { ...this.params, ...params },
      jobs,
      ...cached && {
        cache: { store: new LocalStore(join(this.folder, ".dinoflow")), file: fixture, root },
      },
      onEvent: (event) => {
        events.push(event);
        if (whole || event.type !== "step_finished" || event.step !== "search") return;
        if (event.status !== "failed") stop.abort(new Error("The trial is chosen"));
      },
    });
    const lines = events.flatMap((event) =>
      event.type === "log" || event.type === "warning" ? [event.text] : []
    );
    const error = events.flatMap((event) =>
      event.type === "step_finished" && event.error ? [event.error.message] : []
    );
    return {
      status: stop.signal.aborted ? "searched" : status,
      events,
      lines: lines.join("\n"),
      error: error.join("\n"),
    };
  }

  /** Nested runs that are tracked below a training's run: name, status, tags, parameters, steps. */
  tracked(): Promise<TrackedRun[]> {
    return trackedBelow(this.folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

interface TrackedRun {
  readonly name: string;
  readonly parent?: string;
  readonly status: string;
  readonly tags: Record<string, string>;
  readonly params: Record<string, string>;
  readonly metrics: Record<string, string>;
}

async function trackedBelow(folder: string): Promise<TrackedRun[]> {
  const found: TrackedRun[] = [];
  const walk = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inner = join(path, name);
      if (isDirectory) await walk(inner);
      else if (name === "meta.yaml" && (await Deno.readTextFile(inner)).includes("run_uuid")) {
        found.push(await readTracked(path));
      }
    }
  };
  await walk(join(folder, "mlruns"));
  return found;
}

async function readTracked(folder: string): Promise<TrackedRun> {
  const filesOf = async (part: string) => {
    const texts: Record<string, string> = {};
    try {
      for await (const { name, isFile } of Deno.readDir(join(folder, part))) {
        if (isFile) texts[name] = await Deno.readTextFile(join(folder, part, name));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return texts;
  };
  const { status } = JSON.parse(await Deno.readTextFile(join(folder, "meta.yaml")));
  const tags = await filesOf("tags");
  return {
    name: tags["mlflow.runName"],
    parent: tags["mlflow.parentRunId"],
    status: ["", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"][status as number],
    tags,
    params: await filesOf("params"),
    metrics: await filesOf("metrics"),
  };
}

const trialLines = (lines: string) =>
  lines.split("\n").filter((line) => /^trial_\d+ - .*(pruned|failed|best so far)/.test(line))
    .map((line) => line.replace(/ \(best so far.*/, "")).sort();

Deno.test("search: a training of it is tracked trial by trial, reported and exported", async () => {
  await using place = await Place.make();
  const { status, error, lines, events } = await place.run({}, { whole: true });
  assertEquals([status, error], ["succeeded", ""]);
  assertMatch(lines, /Trials: +12/);
  assertMatch(lines, /Searched 12 trials: \d+ complete, \d+ pruned, 0 failed/);
  assertMatch(lines, /^Best model: trial_\d{3} \(ROC AUC 0\.\d{4}\)$/m);
  const labels = events.flatMap((event) => event.type === "step_progress" ? [event.label] : []);
  assert(labels.some((label) => label?.startsWith("best ROC AUC 0.")), "no live best so far");

  const runs = (await place.tracked()).filter(({ parent }) => parent !== undefined);
  assertEquals(runs.map(({ name }) => name).sort(), [
    ...Array.from({ length: 12 }, (_, i) => `trial_${String(i).padStart(3, "0")}`),
  ]);
  for (const { status, tags, params, metrics } of runs) {
    const pruned = tags.trial_state === "pruned";
    assertEquals(status, pruned ? "KILLED" : "FINISHED");
    assert(params.learner === "gradientBoosting" || params.learner === "randomForest");
    const steps = metrics.roc_auc.trim().split("\n").length;
    assert(pruned ? steps < 3 : steps === 3, `${steps} folds`);
    assertEquals("mean_roc_auc" in metrics, !pruned);
  }

  const { metadata } = await latestBundle(place.params.models, "searched");
  const chosen = runs.find(({ name }) => name === metadata.candidate?.name)!;
  // The chosen trial is scored again with all metrics, on the same folds by the same seeds.
  const kept = Number(chosen.metrics.mean_roc_auc.split(" ")[1]);
  assertEquals(metadata.metrics.roc_auc, kept);
  const [report] = await Array.fromAsync(Deno.readDir(place.params.reports));
  const page = await Deno.readTextFile(join(place.params.reports, report.name));
  for (
    const title of [
      "Search",
      "The best of each learner",
      "Optimisation history",
      "Parallel coordinates",
      "Slice",
    ]
  ) {
    assertStringIncludes(page, title);
  }
});

Deno.test("search: the same trials on one core and on four, for each pruner", async () => {
  for (const pruner of ["median", "none"]) {
    await using place = await Place.make();
    const [one, four] = [
      await place.run({ pruner }, { jobs: 1 }),
      await place.run({ pruner }, { jobs: 4 }),
    ];
    assertEquals([one.status, four.status], ["searched", "searched"]);
    assertEquals(trialLines(four.lines), trialLines(one.lines));
    assertEquals(trialLines(one.lines).length, 12);
  }
});

Deno.test("search: a trial that cannot be fitted is tracked as failed, the search goes on", async () => {
  // Five rows of a class: SMOTE has too few neighbours in a fold.
  await using place = await Place.make(pimaTable(200, 5));
  const { status, lines } = await place.run({ pruner: "none", sampler: "random" });
  assertEquals(status, "searched", lines);
  assertMatch(lines, /^trial_\d+ - failed: .*SMOTE/m);
  const failed = (await place.tracked()).filter(({ status }) => status === "FAILED");
  assert(failed.length > 0 && failed.length < 12, `${failed.length}`);
  for (const { tags } of failed) assertMatch(tags.failure, /SMOTE/);
});

Deno.test("search: with nothing that came to its end the reason is told", async () => {
  await using place = await Place.make();
  const late = await place.run({ timeout: 1e-9 });
  assertEquals(late.status, "failed");
  assertMatch(late.error, /Cannot search: there was no time for any of 12 trials/);
  // All trials sample, and there are never so many neighbours.
  await using few = await Place.make(pimaTable(200, 5));
  const failed = await few.run({ trials: 3, samplers: ["smote"] });
  assertEquals(failed.status, "failed");
  assertMatch(failed.error, /none of 3 trials came to its end: 3 failed \(.*SMOTE/);
});

Deno.test("search: what contradicts itself is refused before anything runs", async () => {
  await using place = await Place.make();
  const refused = async (params: Record<string, unknown>, message: RegExp) => {
    let text = "";
    try {
      text = (await place.run(params)).error;
    } catch (error) {
      text = (error as Error).message;
    }
    assertMatch(text, message);
  };
  await refused({ leaf: [0, 4] }, /Cannot search "randomForest.minSamplesLeaf" on a logarithmic/);
  await refused({ leaf: [9, 4] }, /Cannot search "randomForest.minSamplesLeaf" from 9 to 4/);
  await refused({ parallel: 0 }, /Cannot search with parallel of 0/);
  await refused({ neighbours: 0 }, /kNeighbors|neighbours/i);
});

Deno.test("search: time up stops it, and the next run goes on; more trials are added", async () => {
  await using place = await Place.make();
  const isTrial = (event: RunEvent) =>
    event.type === "step_finished" && event.status === "ran" && event.item?.startsWith("trial_");
  const made = ({ events, lines }: Ran) => {
    const skipped = Number(lines.match(/no time for (\d+) trials/)?.[1] ?? 0);
    return events.filter(isTrial).length - skipped;
  };
  // A busy machine may make no trial in the time that another needs for some.
  let first = await place.run({ timeout: 0.2, trials: 40 }, { cached: true });
  for (let timeout = 0.4; first.status !== "searched" && timeout < 100; timeout *= 2) {
    assertMatch(first.error, /no time for any of 40 trials/);
    first = await place.run({ timeout, trials: 40 }, { cached: true });
  }
  const before = made(first);
  assert(before > 0 && before < 40, `${before} trials in the time that there was`);
  const second = await place.run({ trials: 40 }, { cached: true });
  assertEquals(second.status, "searched", second.error);
  assertEquals(made(second), 40 - before);
  const third = await place.run({ trials: 44 }, { cached: true });
  // The last generation had one trial, which is there; the others of its place are new.
  assertEquals(made(third), 4);
  assertMatch(third.lines, /Searched 44 trials/);
  const last = await place.run({ trials: 44 }, { cached: true });
  assertEquals(made(last), 0);
  const whole = await Place.make();
  try {
    const alone = await whole.run({ trials: 44 });
    assertEquals(trialLines(alone.lines), trialLines(third.lines));
  } finally {
    await whole[Symbol.asyncDispose]();
  }
});

Deno.test("search: nested cross-validation tells what the search promises", async () => {
  await using place = await Place.make(pimaTable(150));
  const { status, error } = await place.run({ nested: true, trials: 4 }, { whole: true });
  assertEquals([status, error], ["succeeded", ""]);
  const { metadata } = await latestBundle(place.params.models, "searched");
  assert(metadata.metrics.nested_roc_auc > 0.5 && metadata.metrics.nested_roc_auc < 1);
  const parent = (await place.tracked()).find(({ parent }) => parent === undefined)!;
  assertEquals(
    Number(parent.metrics.nested_roc_auc.split(" ")[1]),
    metadata.metrics.nested_roc_auc,
  );
  const [report] = await Array.fromAsync(Deno.readDir(place.params.reports));
  const page = await Deno.readTextFile(join(place.params.reports, report.name));
  assertStringIncludes(page, "The search was made again within the training rows of each fold");
});

Deno.test("search: one standard error from the best the simplest is chosen", async () => {
  await using place = await Place.make();
  const best = await place.run({ pruner: "none" });
  const simple = await place.run({ pruner: "none", rule: "oneStandardError" });
  assertEquals(trialLines(simple.lines), trialLines(best.lines));
  const chosen = ({ lines }: Ran) => lines.match(/^Chosen: (\S+)/m)![1];
  assert(chosen(best) !== chosen(simple), `${chosen(best)} was chosen by both rules`);
  assertStringIncludes(simple.lines, `${chosen(best)} is best, within one standard error of it`);
});

Deno.test("search: kill -9 during 30 trials, then 30 trials are there and none was made twice", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "search-kill-" }));
  try {
    await giveKnownCode(folder);
    await Deno.mkdir(join(folder, "pipelines"));
    await Deno.writeTextFile(
      join(folder, "pipelines/searched.ts"),
      `export { default } from ${JSON.stringify(fixture)};\n`,
    );
    await Deno.writeTextFile(join(folder, "data.csv"), pimaTable());
    const [, , ...permissions] = denoConfig.tasks.pipeline.command
      .replace("--allow-ffi=node_modules", "--allow-ffi").split(" ").slice(0, -1);
    const entry = join(root, "src/training/main.ts");
    const ended = new Map<string, number>();
    const run = async (killAfter: number): Promise<boolean> => {
      await using child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--config", join(root, "deno.json"), ...permissions, entry, "searched"],
          ...["--json", "--jobs", "2", "--param", "data=data.csv", "--param", "trials=30"],
          ...["--param", "folds=3", "--param", "timeout=0"],
        ],
        cwd: folder,
        env: { NO_COLOR: "1", MLFLOW_TRACKING_URI: "" },
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      let trials = 0;
      let text = "";
      for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
        const lines = (text + part).split("\n");
        text = lines.pop()!;
        for (const line of lines) {
          const event = JSON.parse(line) as RunEvent;
          if (event.type !== "step_finished" || !event.item?.startsWith("trial_")) continue;
          if (event.status !== "ran") continue;
          ended.set(event.item, (ended.get(event.item) ?? 0) + 1);
          if (++trials === killAfter) child.kill("SIGKILL");
        }
      }
      return (await child.status).code === 0;
    };
    assertEquals(await run(7), false);
    assertEquals(await run(9), false);
    assert(ended.size >= 16 && ended.size < 30, `${ended.size} trials before the kills`);
    assertEquals(await run(Infinity), true);
    assertEquals(Math.max(...ended.values()), 1);
    // Each of the two kills may take the words about two trials that had just been kept.
    assert(ended.size >= 26, `${ended.size} trials were told of`);
    const { metadata } = await latestBundle(join(folder, "models"), "searched");
    assertMatch(metadata.candidate!.name, /^trial_/);
    // Below the run that came to its end all 30 are tracked, those of the killed runs too.
    const byParent: Record<string, number> = {};
    for (const { parent } of await trackedBelow(folder)) {
      if (parent !== undefined) byParent[parent] = (byParent[parent] ?? 0) + 1;
    }
    assertEquals(byParent[metadata.run_id!], 30);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
