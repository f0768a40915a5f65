/** Holds the ladder of ARCHITECTURE.md: who may import whom, and through which door. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join, relative, toFileUrl } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));

/** Level of each room; a room imports lower levels only. */
const levels: Record<string, number> = {
  base: 0,
  kernels: 0,
  calendar: 1,
  dataset: 1,
  table: 2,
  metrics: 1,
  onnx_format: 1,
  report: 1,
  text: 1,
  trees: 1,
  syntax: 1,
  tag_chain: 1,
  terminal: 1,
  timetable: 1,
  run_events: 1,
  notebook_files: 1,
  artifact_store: 1,
  tracking: 1,
  step_code: 2,
  pipeline: 3,
  run_history: 4,
  sweeps: 4,
  pipeline_cli: 5,
  prediction_log: 2,
  log_shipping: 4,
  local_stack: 2,
  data_versions: 1,
  features: 2,
  anomaly: 2,
  profile: 2,
  forecast: 2,
  samplers: 2,
  encoders: 2,
  tree_growth: 2,
  learners: 3,
  explain: 2,
  drift: 2,
  search: 2,
  onnx_runtime: 3,
  onnx: 4,
  splits: 3,
  deno_kernel: 2,
  notebook: 4,
  validation: 4,
  advisor: 3,
  series: 3,
  runs: 2,
  airflow: 4,
  redis: 1,
  retrieval: 2,
  feature_store: 2,
  online_stores: 3,
  registry: 4,
  monitor_files: 3,
  cells: 5,
  monitoring: 5,
  promotion: 5,
  scoring: 5,
  training_start: 6,
  training: 7,
  forecasting: 8,
  lifecycle: 8,
  retraining: 8,
};

/** Rooms that a server must do without: only exported models serve. */
const notServed = new Set(["learners", "onnx", "samplers"]);

/** Files that load a module whose name is known only when they run. */
const loaders = new Set([
  "src/base/worker_main.ts",
  "src/deno_kernel/process.ts",
  "src/base/ask_parser.ts",
  "src/pipeline/define/load.ts",
  "bench/bench.ts",
]);

interface Import {
  from: string;
  to: string;
}

async function sourceFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) files.push(...await sourceFiles(path));
      else if (path.endsWith(".ts")) files.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort();
}

/** All imports between files of the project that some files reach, asked for at once. */
async function allImports(files: readonly string[]): Promise<Import[]> {
  const folder = await Deno.makeTempDir();
  const entry = join(folder, "all.ts");
  const lines = files.map((file) => `import ${JSON.stringify(toFileUrl(join(root, file)))};`);
  await Deno.writeTextFile(entry, lines.join("\n"));
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", join(root, "deno.json"), entry],
    cwd: root,
    stderr: "null",
  }).output();
  await Deno.remove(folder, { recursive: true });
  assert(success, "deno info failed");
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: {
        code?: { specifier: string };
        type?: { specifier: string };
      }[];
    }[];
  };
  const local = (url: string) => {
    const path = url.startsWith("file:") ? relative(root, fromFileUrl(url)) : "..";
    return /^(\.\.|node_modules)(\/|$)/.test(path) ? undefined : path;
  };
  const found = graph.modules.flatMap(({ specifier, dependencies = [] }) => {
    const from = local(specifier);
    if (from === undefined) return [];
    return dependencies.flatMap(({ code, type }) => {
      const target = code?.specifier ?? type?.specifier;
      const to = target === undefined ? undefined : local(target);
      return to === undefined ? [] : [{ from, to }];
    });
  });
  return [...new Map(found.map((edge) => [`${edge.from} → ${edge.to}`, edge])).values()];
}

const folders = ["src", "pipelines", "serve", "bench"];

/** Every import between files of the project. */
const imports = Promise.all(folders.map(sourceFiles)).then((files) => allImports(files.flat()));

/** The groups of files that reach each other by imports, each in the order of the alphabet. */
function circlesOf(edges: readonly Import[]): string[][] {
  const next = Map.groupBy(edges, ({ from }) => from);
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string) => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file)!);
    open.push(file);
    for (const { to } of next.get(file) ?? []) {
      if (!numbers.has(to)) visit(to);
      if (open.includes(to)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(to)!));
    }
    if (lowest.get(file) !== numbers.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of next.keys()) if (!numbers.has(file)) visit(file);
  return circles;
}

const roomOf = (path: string) => path.startsWith("src/") ? path.split("/")[1] : undefined;

Deno.test("architecture: every room has a level and a mod.ts with a module head", async () => {
  for (const file of await sourceFiles("src")) {
    const room = roomOf(file)!;
    assert(room in levels, `src/${room} has no level in tests/architecture_test.ts`);
    const head = await Deno.readTextFile(join(root, `src/${room}/mod.ts`));
    assert(head.includes("@module"), `src/${room}/mod.ts has no @module head`);
  }
});

Deno.test("architecture: rooms import lower levels only, through mod.ts", async () => {
  const faults: string[] = [];
  for (const { from, to } of await imports) {
    const [source, target] = [roomOf(from), roomOf(to)];
    if (source !== undefined && target === undefined && to !== "deno.json") {
      faults.push(`${from} leaves src for ${to}`);
    }
    if (target === undefined || source === target) continue;
    if (source !== undefined && levels[target] >= levels[source]) {
      faults.push(`${from} (level ${levels[source]}) imports ${to} (level ${levels[target]})`);
    }
    if (to !== `src/${target}/mod.ts`) {
      faults.push(`${from} imports ${to} past the room's mod.ts`);
    }
    if (from.startsWith("serve/") && notServed.has(target)) {
      faults.push(`${from} imports ${to}: only exported models serve`);
    }
  }
  assertEquals(faults, []);
});

Deno.test("architecture: the rooms know no column of a domain", async () => {
  const declared = await Deno.readTextFile(join(root, "pipelines/credit_score/columns.ts"));
  // Names of one word, as Age, are words of any text.
  const columns = [...declared.matchAll(/(?:^ {4}|group: "|column: ")(\w+_\w+)(?:: |")/gm)]
    .map(([, name]) => name);
  assert(columns.length > 15 && columns.includes("Credit_Score"), columns.join(", "));
  const known = new RegExp(`\\b(?:${columns.join("|")})\\b`);
  const faults: string[] = [];
  for (const file of [...await sourceFiles("src"), ...await sourceFiles("serve")]) {
    if (known.test(await Deno.readTextFile(join(root, file)))) faults.push(file);
  }
  assertEquals(faults, []);
});

Deno.test("architecture: pipelines import rooms and their own domain folder only", async () => {
  const own: Record<string, string[]> = {
    "pipelines/advisor.ts": ["advisor"],
    "pipelines/anomaly.ts": ["anomaly"],
    "pipelines/train.ts": ["credit_score"],
    "pipelines/credit_risk.ts": ["credit_risk"],
    "pipelines/credit_risk_training.ts": ["credit_risk.ts"],
    "pipelines/intent_classifier_training.ts": ["intent.ts"],
    "pipelines/master_training_pipeline.ts": ["train.ts"],
    "pipelines/diabetes.ts": ["diabetes"],
    "pipelines/intent.ts": ["intent"],
    "pipelines/ner.ts": ["ner"],
    "pipelines/register.ts": ["registration"],
    "pipelines/repayment.ts": ["repayment"],
    "pipelines/repayment_features.ts": ["repayment"],
    "pipelines/spending_features.ts": ["spending"],
    "pipelines/spending.ts": ["spending"],
  };
  const files = (await sourceFiles("pipelines")).filter((file) => file.split("/").length === 2);
  const faults: string[] = [];
  for (const { from, to } of await allImports(files)) {
    if (!files.includes(from) || roomOf(to) !== undefined) continue;
    if (!own[from]?.includes(to.split("/")[1])) faults.push(`${from} imports ${to}`);
  }
  assertEquals(faults, []);
});

Deno.test("architecture: no circles of files, those of types alone included", async () => {
  const edge = (from: string, to: string) => ({ from, to });
  assertEquals(
    circlesOf([edge("a", "b"), edge("b", "c"), edge("c", "b"), edge("c", "d"), edge("a", "d")]),
    [["b", "c"]],
  );
  // What is imported only when it is asked for counts too.
  assertEquals(circlesOf(await imports), []);
});

/** Rooms whose folders stand above each other, with the least number of imports between them. */
const layered = { "src/pipeline/": 20, "src/pipeline_cli/": 4, "src/training/": 6 };

Deno.test("architecture: no folders of the runner, its command line or of trainings import each other", async () => {
  for (const [room, least] of Object.entries(layered)) await checkFolders(room, least);
});

async function checkFolders(room: string, least: number): Promise<void> {
  const folderOf = (path: string) => path.split("/").slice(0, -1).join("/");
  // The files at its root are its face: they import all, and nothing imports them.
  const isInside = (path: string) => path.startsWith(room) && folderOf(path) + "/" !== room;
  const between = (await imports).filter(({ from, to }) => isInside(from) && isInside(to))
    .map((edge) => ({ ...edge, from: folderOf(edge.from), to: folderOf(edge.to) }))
    .filter(({ from, to }) => from !== to);
  assert(between.length >= least, `${between.length} imports between folders of ${room}`);
  assertEquals(circlesOf(between), []);
}

Deno.test("architecture: no computed imports, which no reader and no cache can follow", async () => {
  const faults: string[] = [];
  for (const folder of folders) {
    for (const file of await sourceFiles(folder)) {
      if (loaders.has(file)) continue;
      const text = await Deno.readTextFile(join(root, file));
      if (
        /(?<![.#\w])import\(\s*(?!["'][^"'$]*["']\s*[,)])/.test(
          text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""),
        )
      ) {
        faults.push(file);
      }
    }
  }
  assertEquals(faults, []);
});

/** Names that several files export because a contract asks each of them for it. */
const contractNames = new Set([
  "answer", // what `src/base/ask_parser.ts` calls in a module that parses
]);

Deno.test("architecture: an exported name is declared once, with one meaning", async () => {
  const declared = new Map<string, string[]>();
  const declaration =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|function\*?|const|enum) +(\w+)/gm;
  for (const file of (await Promise.all(["src", "serve", "pipelines"].map(sourceFiles))).flat()) {
    const text = await Deno.readTextFile(join(root, file));
    // Overloads of a function are one name.
    for (const name of new Set(Array.from(text.matchAll(declaration), ([, name]) => name))) {
      if (!contractNames.has(name)) declared.set(name, [...declared.get(name) ?? [], file]);
    }
  }
  assert(declared.size > 1000);
  assertEquals([...declared].filter(([, files]) => files.length > 1), []);
});
