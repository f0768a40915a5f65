/** The command line of runs, on a folder and on a real MLflow server alike. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runRunsCli } from "../../src/runs/mod.ts";
import { openTracker } from "../../src/tracking/mod.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";
import { tellRuns } from "./tracked_runs.ts";

async function runs(place: string, ...args: string[]) {
  const said = { out: "", err: "" };
  const sink = (name: keyof typeof said) => ({
    write: (text: string) => void (said[name] += text),
    size: () => undefined,
  });
  const code = await runRunsCli(args, {
    stdout: sink("out"),
    stderr: sink("err"),
    env: (name) => name === "MLFLOW_TRACKING_URI" ? place : undefined,
  });
  return { code, ...said };
}

/** What holds in every place. */
async function check(t: Deno.TestContext, place: string, folder: string): Promise<void> {
  const ok = async (...args: string[]) => {
    const { code, out, err } = await runs(place, ...args);
    assertEquals(code, 0, err);
    return out;
  };
  const names = async (...args: string[]) =>
    JSON.parse(await ok("list", "--json", ...args)).map(({ name }: { name: string }) => name);

  await t.step("list: filter and order as MLflow's search", async () => {
    const loans = ["--experiment", "loans"];
    assertEquals((await names())[0], "red");
    assertEquals((await names(...loans)).length, 4);
    const cases: [string, string[]][] = [
      ["metrics.roc_auc > 0.75", ["deep", "quick one"]],
      ['metrics.roc_auc > 0.75 and params.model = "LR"', ["quick one"]],
      ["params.model LIKE 'Boost%' AND attributes.status = 'FINISHED'", ["deep"]],
      ["params.model ILIKE 'boost%'", ["deep"]],
      ["tags.stage = 'dev_1' AND metrics.`loss` <= 0.25", ["quick one"]],
      ["attributes.status = 'FAILED'", ["fold 1"]],
      ["params.rate != '0.1'", ["slow start"]],
      ["attributes.run_name LIKE '%ee%' AND tags.stage = 'dev_1'", ["deep"]],
    ];
    for (const [filter, expected] of cases) {
      assertEquals(await names(...loans, "--filter", filter), expected, filter);
    }
    const order = ["--filter", "metrics.roc_auc > 0", "--order", "metrics.roc_auc DESC"];
    assertEquals(await names(...order), ["quick one", "deep", "slow start"]);
    assertEquals(await names(...order, "--max", "2"), ["quick one", "deep"]);
    const byParam = ["--order", "params.model ASC, metrics.roc_auc ASC"];
    assertEquals(
      await names("--filter", "metrics.roc_auc > 0", ...byParam),
      ["deep", "slow start", "quick one"],
    );
    const text = await ok("list", "--columns", "metrics.roc_auc,params.model");
    assertStringIncludes(text, "Boosting 100%");
  });

  await t.step("show: all that was logged, and what is nested", async () => {
    const text = await ok("show", "deep");
    for (const part of ["roc_auc  0.79", "model  Boosting 100%", "stage  dev_1", "fold 1"]) {
      assertStringIncludes(text, part);
    }
    const { id, metrics } = JSON.parse(await ok("show", "red", "--json"));
    assertEquals(metrics.rmse, 3);
    assertStringIncludes(await ok("show", id.slice(0, 12)), "red");
  });

  await t.step("best: by the metric's own direction", async () => {
    const best = async (...args: string[]) =>
      JSON.parse(await ok("best", "--json", ...args)).runs.map(
        ({ name }: { name: string }) => name,
      );
    assertEquals(await best("roc_auc"), ["quick one", "deep", "slow start"]);
    assertEquals(await best("loss"), ["quick one", "deep", "slow start"]);
    assertEquals(await best("rows", "--higher", "--max", "1"), ["deep"]);
    assertEquals(await best("roc_auc", "--filter", "params.rate = '0.01'"), ["slow start"]);
  });

  await t.step("compare: differences, all metrics, and a page", async () => {
    const path = join(folder, "compare.html");
    const text = await ok("compare", "quick one", "deep", "--html", path);
    assertStringIncludes(text, "roc_auc  0.83");
    assert(!text.includes("seed"), "what is the same is not told");
    const page = await Deno.readTextFile(path);
    assertStringIncludes(page, "Differences of parameters");
    assertStringIncludes(page, "Parameters and metrics that differ");
    const json = JSON.parse(await ok("compare", "quick one", "deep", "--json"));
    assertEquals(json.param_differences, { model: ["LR", "Boosting 100%"] });
    assertEquals(json.metrics.roc_auc, [0.83, 0.79]);
  });

  await t.step("what is wrong is told with the right words", async () => {
    const wrong: [string[], string][] = [
      [["lsit"], "did you mean list?"],
      [["list", "--experimnt", "a"], "did you mean --experiment?"],
      [["list", "--experiment", "laons"], "it holds "],
      [["list", "--filter", "metrics.roc_auc >"], "Cannot"],
      [["list", "--max", "none"], "wanted a whole number"],
      [["show", "depe"], "did you mean deep?"],
      [["show"], "none is named"],
      [["compare", "deep"], "name two runs or more"],
      [["best", "roc_uac", "--higher"], "did you mean roc_auc?"],
      [["best", "shine"], "add --higher or --lower"],
      [["list", "--html", "x"], "it is for compare"],
    ];
    for (const [args, said] of wrong) {
      const { code, err } = await runs(place, ...args);
      assertStringIncludes(err, said, args.join(" "));
      assertEquals(code, 2, err);
    }
  });
}

Deno.test("runs: in a folder", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "runs-" });
  try {
    const root = join(folder, "mlruns");
    await tellRuns(await openTracker({ root, env: () => undefined }));
    await check(t, root, folder);
    await t.step("a filter that cannot be read names the place", async () => {
      const wrong: [string, string][] = [
        ["metrics.auc > high", 'with "high": wanted a number'],
        ["params.model > 'a'", "it is text"],
        ["metrics.auc > 1 or metrics.b > 2", "wanted AND"],
        ["auc > 1", "it names nothing that a run has"],
        ["params.a = 'b", "ends with the quote"],
      ];
      for (const [filter, said] of wrong) {
        assertStringIncludes((await runs(root, "list", "--filter", filter)).err, said, filter);
      }
      const empty = await runs(join(folder, "none"), "list");
      assertStringIncludes(empty.out, "No runs in");
      const sqlite = await runs("sqlite:///mlflow.db", "list");
      assertStringIncludes(sqlite.err, "a data base is read through mlflow server");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: `runs: on a server ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    await using server = await startMlflowServer();
    await tellRuns(await openTracker({ uri: server.url, env: () => undefined }));
    await check(t, server.url, server.folder);
  },
});
