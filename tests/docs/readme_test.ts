/** What README and docs show to be run does run: in a copy of the project, or it says why not. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { Random } from "../../src/base/mod.ts";
import { Project, root, run } from "../integration/project.ts";
import { type Block, blocksOf, commandsOf } from "./snippets.ts";

const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
for await (const { name } of Deno.readDir(join(root, "docs"))) {
  if (name.endsWith(".md")) pages.push(`docs/${name}`);
}
const texts = new Map(
  await Promise.all(
    pages.map(async (page) => [page, await Deno.readTextFile(join(root, page))] as const),
  ),
);
const blocks = [...texts].flatMap(([page, text]) => blocksOf(page, text));

/** Loans as the declaration in the README has them. */
function loans(): string {
  const random = new Random(3);
  const rows = Array.from({ length: 200 }, () => {
    const income = 20 + random.int(80);
    const purpose = ["car", "home", "other"][random.int(3)];
    const late = income + 30 * random.next() + (purpose === "home" ? 20 : 0) < 70;
    return [income, (2 + random.next()).toFixed(2), purpose, late ? 1 : 0].join(",");
  });
  return ["income,rate,purpose,default", ...rows].join("\n") + "\n";
}

/** The file of a block in a copy of the project: a pipeline has a place of its own. */
function fileOf({ text }: Block, i: number): { readonly path: string; readonly pipeline?: string } {
  const pipeline = /export default pipeline\("(\w+)"/.exec(text)?.[1];
  return pipeline === undefined
    ? { path: `snippet_${i}.ts` }
    : { path: `pipelines/${pipeline}.ts`, pipeline };
}

/** Runs a block; one that declares a pipeline is trained. */
async function runTypeScript(project: Project, block: Block, i: number): Promise<void> {
  const { path, pipeline } = fileOf(block, i);
  if (pipeline === undefined) {
    const ended = await run(Deno.execPath(), ["run", "-A", path], { cwd: project.path });
    return assertEquals(ended.code, 0, ended.stderr);
  }
  await Deno.mkdir(join(project.path, "data", "raw"), { recursive: true });
  await Deno.writeTextFile(join(project.path, "data", "raw", `${pipeline}.csv`), loans());
  const ended = await project.task("pipeline", [pipeline, "--param", "folds=2"]);
  assertEquals(ended.code, 0, ended.stderr);
  assert((await project.names("models")).some((name) => name.endsWith(".onnx")));
}

Deno.test("docs: blocks of TypeScript are sound, and run", async (t) => {
  const runnable = blocks.filter(({ notRun }) => notRun === undefined);
  assert(runnable.length > 0);
  for (const { page, line, language } of runnable) {
    const told = `${page}, line ${line}: blocks of ${language} are marked with "not run: " and why`;
    assertEquals(language, "ts", told);
  }
  await using project = await Project.create();
  const paths = runnable.map((block, i) => fileOf(block, i).path);
  assertEquals(new Set(paths).size, paths.length);
  for (const [i, { text }] of runnable.entries()) {
    await Deno.writeTextFile(join(project.path, paths[i]), text);
  }
  const checked = await run(Deno.execPath(), ["check", ...paths], { cwd: project.path });
  assertEquals(checked.code, 0, checked.stderr);
  for (const [i, block] of runnable.entries()) {
    await t.step(`${block.page}, line ${block.line}`, () => runTypeScript(project, block, i));
  }
});

/** Commands that run in a copy of the project, in this order, with what makes them quick. */
const runs: Record<string, readonly string[]> = {
  "data --customers 2500 --seed 42 --out data/raw/train.csv": ["--customers", "60"],
  "pipeline --list": [],
  "pipeline train --help": [],
  "pipeline train": ["--plan"],
  "pipeline train --plan": [],
  "pipeline train --force": ["--plan"],
  "pipeline train --keep-going": ["--plan"],
  "pipeline train --param data=loans.csv --param folds=10": ["--plan"],
  "pipeline train --param combinations=Over_RandomForest,SMOTE_GradientBoosting": ["--plan"],
  "pipeline anomaly": ["--plan"],
  "pipeline anomaly --param alerts=0.002": ["--plan"],
  "pipeline spending": ["--plan"],
  "pipeline spending_features --param data=data/raw/spending.csv": ["--plan"],
  "pipeline spending --param horizon=6 --param level=0.9": ["--plan"],
  "pipeline intent": ["--plan"],
  "pipeline ner": ["--plan"],
  "pipeline runs": [],
  "pipeline gc": [],
  "pipeline --new weekly": [],
  "pipeline --new risk --from loans.csv --target defaulted": [],
};

/** Commands that this test does not run, and where they are tried. */
const elsewhere: [RegExp, string][] = [
  [/^serve\b/, "it runs until it is stopped: tests/serve/process_test.ts"],
  [/^pipeline drift\b/, "it needs a model and a log: tests/integration/drift_test.ts"],
  [/^pipeline repayment/, "it trains and materialises: tests/integration/repayment_test.ts"],
  [/^pipeline (monitor|schedule monitor)\b/, "it needs a log: tests/monitoring/watch_test.ts"],
  [/^pipeline retrain\b/, "it needs labels: tests/retraining/loop_test.ts"],
  [/^pipeline validate\b/, "it needs a schema: tests/validation/pipeline_test.ts"],
  [/^pipeline (schedule )?credit_risk_training\b/, "it trains: tests/lifecycle"],
  [
    /^pipeline train --param data=(s3|https):/,
    "it needs a server: tests/pipeline/remote_file_test.ts",
  ],
  [/^pipeline advisor\b/, "it builds and evaluates knowledge: tests/integration/advisor_test.ts"],
  [/^pipeline score\b/, "it needs a model and a table: tests/scoring"],
  [/^pipeline risk$/, "it trains what --new wrote: tests/training_start/started_test.ts"],
  [/^notebook\b/, "it starts kernels: tests/notebook/cli_test.ts"],
  [/^(test|check|bench|mutate|matrix|soak|fixtures|coverage)\b/, "it runs the tests, or for long"],
  [/^pipeline train --(graph|watch|params|sweep)/, "tests/pipeline and tests/integration run them"],
  [/^airflow\b/, "it exports for Airflow: tests/airflow"],
  [/^pipeline train --cache/, "it needs a shared store: tests/artifact_store/shared_store_test.ts"],
  [/^pipeline (runs rerun|schedule)/, "tests/pipeline_cli/schedule_cli_test.ts and history tests"],
  [/^pipeline (send_runs|register)/, "they need a server: tests/integration/register_test.ts"],
  [/^models\b/, "they need versions to move: tests/integration/models_task_test.ts"],
  [/^encoder\b/, "it fetches: tests/encoders/fetch_test.ts"],
  [/^runs\b/, "they need runs to choose from: tests/runs/runs_test.ts"],
  [/^data (add|versions)/, "they need git and DVC: tests/data_versions"],
  [/^up\b/, "it runs until it is stopped: tests/local_stack"],
  [/^(drift-calibration|retrieval-scale)/, "it runs for long"],
  [/^pipeline advisor\b/, "it needs documents: tests/integration/advisor_test.ts"],
];

Deno.test("docs: each command of the pages is of a task that there is, and is run here or elsewhere", () => {
  const commands = [...new Set([...texts.values()].flatMap(commandsOf))];
  assert(commands.length > 20);
  const unknown = commands.filter((command) =>
    !Object.hasOwn(denoConfig.tasks, command.split(" ")[0])
  );
  assertEquals(unknown, []);
  const untried = commands.filter((command) =>
    !Object.hasOwn(runs, command) && !elsewhere.some(([pattern]) => pattern.test(command))
  );
  assertEquals(untried, []);
  assertEquals(Object.keys(runs).filter((command) => !commands.includes(command)), []);
});

Deno.test("docs: commands of the pages run in a copy of the project", async () => {
  await using project = await Project.create();
  await Deno.writeTextFile(
    join(project.path, "loans.csv"),
    loans().replace("default", "defaulted"),
  );
  for (const [command, quick] of Object.entries(runs)) {
    const [task, ...args] = command.split(" ");
    const { code, stderr } = await project.task(task, [...args, ...quick]);
    // A plan of another file's data is made from its columns: what it lacks is told.
    assertEquals(code, 0, `${command}: ${stderr}`);
  }
});

Deno.test("docs: links lead to files, and to headings that there are", async () => {
  const wrong: string[] = [];
  for (const [page, text] of texts) {
    const prose = text.replaceAll(/`[^`\n]*`/g, ""); // code is no link
    for (const [, file, heading] of prose.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const path = file === "" ? page : join(page, "..", file);
      const there = await Deno.readTextFile(join(root, path)).catch(() => undefined);
      const headings = Array.from(
        there?.matchAll(/^#+ (.+)$/gm) ?? [],
        ([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"),
      );
      if (there === undefined || (heading !== undefined && !headings.includes(heading))) {
        wrong.push(`${page}: ${file}${heading === undefined ? "" : `#${heading}`}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("docs: a block that is not run says why", () => {
  const found = blocksOf("a.md", "x\n```ts\n1;\n```\n\n```sh not run: it never ends\nserve\n```\n");
  assertEquals(found.map(({ language, line, notRun, text }) => [language, line, notRun, text]), [
    ["ts", 2, undefined, "1;\n"],
    ["sh", 6, "it never ends", "serve\n"],
  ]);
});
