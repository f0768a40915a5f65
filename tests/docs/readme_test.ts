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

/** Runs a block of TypeScript, type-checked; one that declares a pipeline is trained. */
async function runTypeScript({ text }: Block): Promise<void> {
  await using project = await Project.create();
  const declared = /export default pipeline\("(\w+)"/.exec(text)?.[1];
  const file = declared === undefined ? "snippet.ts" : `pipelines/${declared}.ts`;
  await Deno.writeTextFile(join(project.path, file), text);
  const checked = await run(Deno.execPath(), ["check", file], { cwd: project.path });
  assertEquals(checked.code, 0, checked.stderr);
  if (declared === undefined) {
    const ended = await run(Deno.execPath(), ["run", "-A", file], { cwd: project.path });
    assertEquals(ended.code, 0, ended.stderr);
    return;
  }
  await Deno.mkdir(join(project.path, "data", "raw"), { recursive: true });
  await Deno.writeTextFile(join(project.path, "data", "raw", `${declared}.csv`), loans());
  const ended = await project.task("pipeline", [declared, "--param", "folds=2"]);
  assertEquals(ended.code, 0, ended.stderr);
  assert((await project.names("models")).some((name) => name.endsWith(".onnx")));
}

for (const block of blocks) {
  const { page, line, language, notRun } = block;
  if (notRun !== undefined) continue;
  Deno.test(`docs: ${page}, line ${line}, a block of ${language}, runs`, async () => {
    assert(language === "ts", `Blocks of ${language} are marked with "not run: " and the reason`);
    await runTypeScript(block);
  });
}

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
  "pipeline runs": [],
  "pipeline gc": [],
  "pipeline --new weekly": [],
  "pipeline --new risk --from loans.csv --target defaulted": [],
};

/** Commands that this test does not run, and where they are tried. */
const elsewhere: [RegExp, string][] = [
  [/^serve\b/, "it runs until it is stopped: tests/serve/process_test.ts"],
  [/^pipeline drift\b/, "it needs a model and a log: tests/integration/drift_test.ts"],
  [/^pipeline risk$/, "it trains what --new wrote: tests/training/started_test.ts"],
  [/^notebook\b/, "it starts kernels: tests/notebook/cli_test.ts"],
  [/^(test|check|bench|mutate|matrix|soak|fixtures|coverage)\b/, "it runs the tests, or for long"],
  [/^pipeline train --(graph|watch|params|sweep)/, "tests/pipeline and tests/integration run them"],
  [/^pipeline (runs rerun|schedule)/, "tests/pipeline/schedule_cli_test.ts and history tests"],
  [/^pipeline (send_runs|register)/, "they need a server: tests/integration/register_test.ts"],
  [/^models\b/, "they need versions to move: tests/integration/models_task_test.ts"],
  [/^runs\b/, "they need runs to choose from: tests/runs/runs_test.ts"],
  [/^drift-calibration/, "it runs for long"],
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
    for (const [, file, heading] of text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
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
