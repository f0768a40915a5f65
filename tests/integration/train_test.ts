/** The train pipeline as a user runs it, on a small data set. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ifPresent } from "../../src/base/mod.ts";
import { Project } from "./project.ts";

const small = ["--param", "trees=8", "--param", "rounds=6", "--param", "folds=3"];
const combinations = ["RandomForest", "GradientBoosting"].flatMap((learner) =>
  ["Baseline", "Over", "SMOTE", "ADASYN", "BorderlineSMOTE"].map((sampler) =>
    `${sampler}_${learner}`
  )
);

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(path));
}

Deno.test("train: the data, ten lines, the files, and the same again", async () => {
  await using project = await Project.create();
  const data = await project.task("data", ["--customers", "120", "--out", "data/raw/train.csv"]);
  assertEquals(data.code, 0, data.stderr);

  const first = await project.task("pipeline", ["train", ...small]);
  assertEquals(first.code, 0, first.stderr + first.stdout);
  for (const name of combinations) {
    assertMatch(first.stdout, new RegExp(`^${name} - F1 Macro: 0\\.\\d{4}$`, "m"));
  }
  assertMatch(
    first.stdout,
    /^Leak check: F1 Macro 0\.\d{4} with random folds, 0\.\d{4} with whole/m,
  );
  assertMatch(first.stdout, /^Training completed successfully!$/m);

  const latest = await readJson(join(project.path, "models/latest_model.json"));
  const stem = `${latest.model_name}_v_${latest.version}`;
  assertMatch(stem, /^[A-Za-z]+_(RandomForest|GradientBoosting)_v_\d{8}_\d{6}$/);
  assertEquals(latest.model_path, `${stem}.onnx`);
  assertEquals(await project.names("models"), [
    `${stem}.onnx`,
    `${stem}_metadata.json`,
    "audit.jsonl",
    "latest_model.json",
  ]);
  const [report, validation, ...others] = await project.names("reports");
  assertEquals([report, others], [`train_${latest.version}.html`, []]);
  assertMatch(validation, /^validation_credit-score_[0-9a-f]{12}\.html$/);

  // Nothing changed: nothing runs, the same lines are told.
  const cached = await project.task("pipeline", ["train", ...small]);
  assertEquals(cached.code, 0, cached.stderr);
  assertEquals(cached.stdout.split("\n").sort(), first.stdout.split("\n").sort());
  assert(!/: (started|done)/.test(cached.stderr), cached.stderr);
  assertMatch(cached.stderr, /^export: CACHED$/m);
  assertEquals((await project.names("models")).length, 4);

  // One core instead of two must change nothing but the times.
  const second = await project.task("pipeline", ["train", ...small, "--jobs", "1", "--force"]);
  assertEquals(second.code, 0, second.stderr);
  const again = await readJson(join(project.path, "models/latest_model.json"));
  assert(again.version !== latest.version);
  const [a, b] = await Promise.all(
    [latest, again].map((model) =>
      readJson(join(project.path, "models", String(model.metadata_path)))
    ),
  );
  assertEquals(a.metrics, b.metrics);
  assertEquals(a.model_digest, b.model_digest);
  assertEquals(a.data_digest, b.data_digest);
  assert(a.run_id !== b.run_id);
});

Deno.test("train: what is kept of a training, and what is made again", async (t) => {
  await using project = await Project.create();
  await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
  const chosen = ["--param", "combinations=Over_RandomForest,Over_GradientBoosting"];
  const train = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    project.task("pipeline", ["train", ...small, ...chosen, ...args], env);
  await train();

  await t.step("another tracking folder gets the whole run, nothing is trained again", async () => {
    const again = await train([], { MLFLOW_TRACKING_URI: join(project.path, "elsewhere") });
    assertEquals(again.code, 0, again.stderr);
    assertMatch(again.stderr, /^train: CACHED$/m);
    assertMatch(again.stderr, /^export: done/m);
    const [experiment] = (await project.names("elsewhere")).filter((name) => name.length > 10);
    const runs = (await project.names(`elsewhere/${experiment}`)).filter((name) =>
      name.length === 32
    );
    assertEquals(runs.length, 3);
    // Whoever serves the model from there needs its metadata beside it.
    const [model] = await project.names(`elsewhere/${experiment}/models`);
    const files = join(project.path, `elsewhere/${experiment}/models/${model}/artifacts`);
    const { version } = await readJson(join(files, "model_metadata.json"));
    assertEquals(version, (await readJson(join(project.path, "models/latest_model.json"))).version);
  });

  await t.step("deleted files of a cached export are put back", async () => {
    const before = await project.names("models");
    await Deno.remove(join(project.path, "models"), { recursive: true });
    const again = await train();
    assertEquals(again.code, 0, again.stderr);
    // What happened before the folder was gone is gone with it, and so are earlier versions.
    const { version } = await readJson(join(project.path, "models/latest_model.json"));
    const made = before.filter((name) =>
      name === "latest_model.json" || name.includes(String(version))
    );
    assertEquals(await project.names("models"), made);
    assertEquals(made.length, 3);
  });

  await t.step("a parameter of one learner leaves the other's results", async () => {
    const more = await train(["--param", "rounds=7"]);
    assertEquals(more.code, 0, more.stderr);
    assertMatch(more.stderr, /^load: CACHED$/m);
    assertMatch(more.stderr, /^train\[Over_RandomForest\]: CACHED$/m);
    assertMatch(more.stderr, /^train\[Over_GradientBoosting\]: done/m);
  });
});

Deno.test("train: an interrupt leaves no model, and the run is marked KILLED", async () => {
  await using project = await Project.create();
  await project.task("data", ["--customers", "300", "--out", "data/raw/train.csv"]);
  const process = project.start("pipeline", ["train", "--param", "trees=400"]);
  await untilTracked(project);
  process.kill("SIGINT");
  const { code, stdout } = await process.output();
  assertEquals(code, 130, new TextDecoder().decode(stdout));
  assertEquals(await project.names("models"), []);
  const statuses = await runStatuses(project);
  assertEquals(statuses.get("training"), 5);
});

/** Waits until the parent run stands in the file store: training has begun. */
async function untilTracked(project: Project): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await runStatuses(project)).has("training")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The training run did not appear");
}

/** Status of each run by the first word of its name, as MLflow's file store holds it. */
async function runStatuses(project: Project): Promise<Map<string, unknown>> {
  const statuses = new Map<string, unknown>();
  for (const experiment of await project.names("mlruns")) {
    for (const run of await project.names(`mlruns/${experiment}`)) {
      if (!/^[0-9a-f]{32}$/.test(run)) continue;
      const path = join(project.path, "mlruns", experiment, run, "meta.yaml");
      const meta = await ifPresent(readJson(path));
      if (meta === undefined) continue; // its folder is there a moment before it
      statuses.set(String(meta.run_name).split("_")[0], meta.status);
    }
  }
  return statuses;
}

const header = "ID,Customer_ID,Month,Name,Age";
const badInput: {
  readonly name: string;
  readonly args?: readonly string[];
  readonly content?: string | Uint8Array;
  readonly code: number;
  readonly message: RegExp;
}[] = [
  { name: "a missing file", code: 1, message: /Cannot read bad\.csv: (there is )?no such file/ },
  { name: "an empty file", content: "", code: 1, message: /Cannot read bad\.csv: .*empty/ },
  {
    name: "a header only",
    content: `${header}\n`,
    code: 1,
    message: /bad\.csv: .*(no rows|header)/,
  },
  {
    name: "a missing column",
    content: `${header}\n1,2,May,x,30\n`,
    code: 1,
    message: /not as declared: [A-Za-z_]+: not among 5 columns: /,
  },
  {
    name: "a ragged row",
    content: `${header}\n1,2,May,x,30\n1,2,May\n`,
    code: 1,
    message: /bad\.csv: line 3 has 3 fields/,
  },
  {
    name: "text that is not UTF-8",
    content: new Uint8Array([...new TextEncoder().encode(`${header}\n1,2,May,x,`), 0xff, 0xfe, 10]),
    code: 1,
    message: /bad\.csv: .*UTF-8/,
  },
  {
    name: "a parameter that does not exist",
    args: ["--param", "tree=5"],
    code: 2,
    message: /tree.*[\s\S]*trees/,
  },
  {
    name: "a parameter of the wrong type",
    args: ["--param", "folds=many"],
    code: 2,
    message: /folds[\s\S]*whole number/,
  },
  {
    name: "a combination that does not exist",
    args: ["--param", "combinations=Over_Forest"],
    code: 2,
    message: /combinations[\s\S]*Over_RandomForest/,
  },
];

Deno.test("train: what cannot be trained is refused before training, with no trace and no files", async (t) => {
  await using project = await Project.create();
  for (const { name, args = [], content, code, message } of badInput) {
    await t.step(name, async () => {
      const path = join(project.path, "bad.csv");
      if (content instanceof Uint8Array) await Deno.writeFile(path, content);
      else if (content !== undefined) await Deno.writeTextFile(path, content);
      const result = await project.task("pipeline", ["train", "--param", "data=bad.csv", ...args]);
      assertMatch(result.stderr, message);
      assert(!/^\s+at /m.test(result.stderr + result.stdout), result.stderr);
      assertEquals(result.code, code);
      assertEquals(await project.names("models"), []);
      assertEquals(await project.names("mlruns"), []);
    });
  }

  // Data that cannot be split or learned.
  await project.task("data", ["--customers", "20", "--out", "data/raw/train.csv"]);
  const text = await Deno.readTextFile(join(project.path, "data/raw/train.csv"));
  const [head, ...rows] = text.trimEnd().split("\n");
  const score = (row: string) => row.slice(row.lastIndexOf(",") + 1);
  const cases: [string, string[], RegExp][] = [
    [
      "an unknown label",
      [...rows, rows[0].replace(/[^,]*$/, "Superb")],
      /"Superb".*row 161|row 161.*"Superb"/,
    ],
    [
      "one class only",
      rows.filter((row) => score(row) === "Standard"),
      /all 82 labels are "Standard"/,
    ],
    [
      "fewer rows of a class than folds",
      [
        ...rows.filter((row) => score(row) !== "Good").slice(0, 80),
        ...rows.filter((row) => score(row) === "Good").slice(0, 3),
      ],
      /Cannot split into 5 folds: class Good has only 3 rows/,
    ],
  ];
  for (const [name, lines, message] of cases) {
    await t.step(name, async () => {
      await Deno.writeTextFile(join(project.path, "bad.csv"), [head, ...lines, ""].join("\n"));
      const result = await project.task("pipeline", ["train", "--param", "data=bad.csv"]);
      assertMatch(result.stderr, message);
      assertEquals(result.code, 1);
      assertEquals(await project.names("mlruns"), []);
    });
  }

  await t.step("a models folder that cannot be written", async () => {
    await Deno.writeTextFile(join(project.path, "occupied"), "a file");
    const result = await project.task("pipeline", ["train", "--param", "models=occupied"]);
    assertMatch(result.stderr, /Cannot write to occupied/);
    assertEquals(result.code, 1);
    assertEquals(await project.names("mlruns"), []);
  });
});
