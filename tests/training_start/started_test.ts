/** A training that was written for somebody's data needs no edit: it is trained, served, watched. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { driftVerdict } from "../../src/monitoring/mod.ts";
import { Random } from "../../src/base/mod.ts";
import { giveKnownCode, keepKnownCode } from "../known_code.ts";
import { find } from "../monitoring/files.ts";
import { withObserved } from "../serve/observed.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
/** The pipeline task as users have it, its entry by its whole path. */
const task = denoConfig.tasks.pipeline.command
  .replace("--allow-ffi=node_modules", "--allow-ffi").split(" ").slice(1, -1);
const entry = join(root, denoConfig.tasks.pipeline.command.split(" ").at(-1)!);
const shared = join(root, "../shared/data");

async function deno(folder: string, command: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--config", join(root, "deno.json"), ...args],
    cwd: folder,
    env: { NO_COLOR: "1", MLFLOW_TRACKING_URI: "" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

const [, ...permissions] = task;
const pipelineTask = (folder: string, ...args: string[]) =>
  deno(folder, "run", ...permissions, entry, ...args);

async function done(ended: ReturnType<typeof deno>): Promise<string> {
  const { code, stdout, stderr } = await ended;
  assertEquals(code, 0, stdout + stderr);
  return stdout + stderr;
}

/** Starts a training in a folder of its own and takes it all the way. */
async function takeAllTheWay(
  data: string,
  { target, record, kind }: {
    target: string;
    record: Record<string, unknown>;
    kind: "probabilities" | "interval";
  },
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "started-" }));
  try {
    await giveKnownCode(folder);
    const written = await done(
      pipelineTask(folder, "--new", "mine", "--from", data, "--target", target),
    );
    assertStringIncludes(written, "next: deno task pipeline mine");
    const paths = ["pipelines/mine.ts", "tests/pipelines/mine_test.ts"];
    const lines = (await Deno.readTextFile(join(folder, paths[0]))).split("\n").length;
    // A long path of the data takes lines of its own.
    assert(lines < 60 + 5, `${lines} lines`);
    await done(deno(folder, "fmt", "--check", ...paths));
    await done(deno(folder, "lint", ...paths));
    await done(deno(folder, "test", "--allow-all", paths[1])); // checks types first

    const told = await done(
      pipelineTask(folder, "mine", "--param", "trees=8", "--param", "folds=2"),
    );
    assertMatch(told, /Best/i);
    const models = join(folder, "models");
    assert((await Array.fromAsync(Deno.readDir(join(folder, "mlruns")))).length > 0);

    await withObserved(async ({ call }) => {
      const response = await call("/predict", record);
      const answer = await response.json();
      assertEquals(response.status, 200, JSON.stringify(answer));
      assert(kind in answer, JSON.stringify(answer));
      const explained = await call("/explain", record);
      assertEquals(explained.status, 200, await explained.text());
    }, {
      flags: ["--model", "mine"],
      models: async (into) => {
        for await (const { name } of Deno.readDir(models)) {
          await Deno.copyFile(join(models, name), join(into, name));
        }
      },
    });
    const found = await find({ current: data, models, model: "mine" });
    assertMatch(driftVerdict(found), /^No drift/);
    await keepKnownCode(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withTable(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "started-data-" });
  try {
    const path = join(folder, "data.csv");
    await Deno.writeTextFile(path, text);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function madeUp(count: number): string {
  const random = new Random(11);
  const rows = Array.from({ length: count }, (_, i) => {
    const amount = 10 + 90 * random.next();
    const plan = ["basic", "plus", "gold", "?"][random.int(4)];
    const left = amount / 50 + (plan === "gold" ? 1 : 0) + random.next() > 2.3;
    return [
      1 + i,
      `c${random.int(count / 3)}`,
      `2024-${String(1 + random.int(12)).padStart(2, "0")}-15`,
      amount.toFixed(2).replace(".", ","),
      random.next() < 0.1 ? "" : 20 + random.int(50),
      plan,
      random.next() < 0.5 ? "yes" : "no",
      left ? 1 : 0,
      (3 * amount + 20 * random.next()).toFixed(2).replace(".", ","),
    ].join(";");
  });
  return ["row;customer;day;amount;age;plan;paid;left;worth", ...rows].join("\n");
}

const record = { day: "2024-05-01", amount: 90, age: null, plan: "gold", paid: "yes" };

Deno.test("started: two classes, with groups, dates, decimal commas and gaps", () =>
  withTable(madeUp(600), (path) =>
    takeAllTheWay(path, {
      target: "left",
      record: { ...record, worth: 280 },
      kind: "probabilities",
    })));

Deno.test("started: a number", () =>
  withTable(
    madeUp(300),
    (path) =>
      takeAllTheWay(path, { target: "worth", record: { ...record, left: 1 }, kind: "interval" }),
  ));

const full = Deno.args.includes("--full");
const pima = join(shared, "pima/diabetes.csv");
Deno.test({
  name: "started: the public diabetes table" + (full ? "" : " (needs --full)"),
  ignore: !full || !await Deno.stat(pima).then(() => true, () => false),
  fn: () =>
    takeAllTheWay(pima, {
      target: "Outcome",
      record: { Glucose: 160, BMI: 40, Age: 50 },
      kind: "probabilities",
    }),
});

Deno.test("started: bad input is told, and nothing is written", () =>
  withTable(madeUp(60), async (path) => {
    const folder = await Deno.makeTempDir({ prefix: "started-" });
    try {
      const refused = async (code: number, message: string, ...args: string[]) => {
        const ended = await pipelineTask(folder, ...args);
        assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
        assertStringIncludes(ended.stderr, message);
        assertStringIncludes(ended.stderr, "next: ");
        assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
      };
      const from = ["--from", path];
      await refused(2, 'did you mean "worth"?', "--new", "mine", ...from, "--target", "wroth");
      await refused(2, "which column", "--new", "mine", ...from);
      await refused(2, "Cannot name a pipeline", "--new", "My-own", ...from, "--target", "left");
      await refused(2, 'a training "model"', "--new", "model", ...from, "--target", "left");
      await refused(2, "--from without a file", "--new", "mine", "--from=", "--target", "left");
      await refused(2, "--target without", "mine", "--target", "left");
      await refused(2, "do something else", "--new", "mine", "--target", "left");
      await refused(1, "no such file", "--new", "mine", "--from", "none.csv", "--target", "left");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }));
