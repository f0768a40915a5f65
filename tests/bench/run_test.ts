/** Running suites: with small scripts in a folder of their own, and once for real. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UserError } from "../../src/base/mod.ts";
import { allSuites, bench } from "../../bench/bench.ts";
import { ownEnvironment, parseRequirements, type PythonPeers } from "../../bench/python_peers.ts";
import { runSuite } from "../../bench/run.ts";
import type { BenchRow } from "../../bench/results.ts";
import type { BenchCase, Suite } from "../../bench/suite.ts";
import { python, root } from "../integration/project.ts";

/** Prints what it is told to, notes that it ran, and fails when it is told to. */
const script = `
const { name, folder, seed, rows, seconds, fails, throws } = JSON.parse(Deno.args[0]);
Deno.writeTextFileSync(folder + "/log", name + seed + " ", { append: true });
if (fails) { console.error("a trace\\nModuleNotFoundError: No module named 'peer'"); Deno.exit(3); }
if (throws) throw new Error("there is no encoder");
console.log("chatter");
console.log(JSON.stringify({ seconds: seconds[seed % 3], megabytes: rows, quality: seed }));
`;

const side = (name: string, seconds: number[], more: Record<string, unknown> = {}) => ({
  script: "side.ts",
  options: { name, seconds, ...more },
});

const peer = (...args: Parameters<typeof side>) => ({ command: side(...args), packages: ["peer"] });

const one: BenchCase = {
  name: "work",
  ours: side("A", [1, 2, 9]),
  peers: { B: peer("B", [10, 20, 30]) },
  quality: "seed",
};

const suite: Suite = {
  name: "small",
  description: "Small.",
  sizes: [4],
  prepare: [side("P", [1])],
  cases: [one],
};

/** A folder with the script and an interpreter that claims to have peer 1.0. */
async function withRoot(use: (root: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/bench`);
    await Deno.mkdir(`${folder}/.venv/bin`, { recursive: true });
    await Deno.writeTextFile(`${folder}/bench/side.ts`, script);
    await Deno.writeTextFile(`${folder}/bench/requirements.txt`, "peer==1.0 # pinned\n");
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    const fake = `${folder}/.venv/bin/python`;
    await Deno.writeTextFile(fake, `#!/bin/sh\necho '{"peer": "1.0"}'\n`);
    await Deno.chmod(fake, 0o755);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Heard {
  readonly said: string[];
  readonly failed: UserError[];
}

async function run(root: string, suites: readonly Suite[], more: { rounds?: number } = {}) {
  const heard: Heard = { said: [], failed: [] };
  const peers: PythonPeers = { python: `${root}/nowhere/python`, versions: { peer: "1.0" } };
  const rows = [];
  for (const suite of suites) {
    rows.push(
      ...await runSuite(suite, peers, {
        ...{ root, folder: `${root}/data`, date: "2026-01-02", cores: 2, ...more },
        say: (text) => heard.said.push(text),
        fail: (error) => heard.failed.push(error),
      }),
    );
  }
  return { rows, heard };
}

Deno.test("bench run: sides take turns, the order swaps, medians and mean quality are kept", () =>
  withRoot(async (root) => {
    const { rows, heard } = await run(root, [suite], { rounds: 3 });
    assertEquals(await Deno.readTextFile(`${root}/data/4/log`), "P0 A1 B1 B2 A2 A3 B3 ");
    assertEquals(rows, [{
      ...{ suite: "small", name: "work", rows: 4, peer: "B" },
      ...{ ours_s: 2, peer_s: 20, time_ratio: 10, ours_mb: 4, peer_mb: 4 },
      ...{ quality_name: "seed", ours_quality: 2, peer_quality: 2, rounds: 3 },
      ...{ date: "2026-01-02", cores: 2, peer_version: "peer 1.0" },
    }]);
    assertEquals(heard.failed, []);
  }));

Deno.test("bench run: data are prepared once for all suites of a size", () =>
  withRoot(async (root) => {
    const { rows } = await run(root, [suite, { ...suite, name: "other" }], { rounds: 1 });
    assertEquals(await Deno.readTextFile(`${root}/data/4/log`), "P0 A1 B1 A1 B1 ");
    assertEquals(rows.map(({ suite }) => suite), ["small", "other"]);
  }));

Deno.test("bench run: a peer that fails is told once, the others go on", () =>
  withRoot(async (root) => {
    const peers = {
      broken: peer("X", [1], { fails: true }),
      thrown: peer("Y", [1], { throws: true }),
      absent: { command: { script: "peer.py" }, packages: [] },
      B: peer("B", [10, 20, 30]),
    };
    const { rows, heard } = await run(root, [{ ...suite, cases: [{ ...one, peers }] }], {
      rounds: 2,
    });
    assertEquals(rows.map(({ peer, rounds }) => [peer, rounds]), [["B", 2]]);
    const [broken, thrown, absent] = heard.failed;
    assertEquals(heard.failed.length, 3);
    assertStringIncludes(thrown.message, "Error: there is no encoder (exit code 1)");
    assertEquals(
      broken.message,
      "work has no result of broken: Cannot measure with bench/side.ts: " +
        "ModuleNotFoundError: No module named 'peer' (exit code 3)",
    );
    assertStringIncludes(broken.next!, "run it alone");
    assertStringIncludes(absent.message, "work has no result of absent");
    assertStringIncludes(absent.message, "nowhere/python is not there");
  }));

Deno.test("bench run: without ours there is no row, and sizes above a case's most are left out", () =>
  withRoot(async (root) => {
    const failing = { ...one, ours: side("A", [1], { fails: true }) };
    const { rows, heard } = await run(root, [{ ...suite, cases: [failing] }]);
    assertEquals(rows, []);
    assertStringIncludes(heard.failed[0].message, "no result of ours");
    const large = await run(root, [{ ...suite, sizes: [5], cases: [{ ...one, maxRows: 4 }] }]);
    assertEquals([large.rows, large.heard.said], [[], []]);
  }));

Deno.test("bench run: a case that names its size is measured at that alone", () =>
  withRoot(async (root) => {
    const cases = [one, { ...one, name: "nine", size: 9 }];
    const { rows } = await run(root, [{ ...suite, sizes: [4, 9], cases }], { rounds: 1 });
    const measured = rows.map(({ name, rows }) => `${name} ${rows}`);
    assertEquals(measured, ["work 4", "work 9", "nine 9"]);
    assertEquals(await Deno.readTextFile(`${root}/data/9/log`), "P0 A1 B1 A1 B1 ");
  }));

Deno.test("bench: results are merged, page and tables are written, data are removed", () =>
  withRoot(async (root) => {
    const options = {
      ...{ root, out: root, suites: [suite, { ...suite, name: "other" }] },
      ...{ date: "2026-01-02", cores: 2 },
      say() {},
      fail(error: UserError) {
        throw error;
      },
    };
    const request = { rounds: 1, docs: false };
    await bench({ ...request, suites: ["small"] }, options);
    await bench({ ...request, suites: ["other"] }, options);
    const rows = JSON.parse(await Deno.readTextFile(`${root}/reports/bench.json`));
    assertEquals(rows.map(({ suite }: { suite: string }) => suite), ["small", "other"]);
    assertEquals(await Array.fromAsync(Deno.readDir(`${root}/.dinoflow/bench`)), []);
    assertStringIncludes(await Deno.readTextFile(`${root}/reports/bench.html`), "Small.");

    await assertRejects(() => bench({ suites: [], docs: true }, options), Deno.errors.NotFound);
    const page = `${root}/docs/benchmarks.md`;
    await Deno.mkdir(`${root}/docs`);
    await Deno.writeTextFile(page, "<!-- bench:start -->\n<!-- bench:end -->\n");
    const table = await bench({ suites: [], docs: true }, options);
    assertEquals(table, await Deno.readTextFile(`${root}/reports/bench.md`));
    assertStringIncludes(await Deno.readTextFile(page), table.trim());
    assertEquals(JSON.parse(await Deno.readTextFile(`${root}/docs/benchmarks.json`)), rows);
  }));

Deno.test("bench: only cases of a name are run, the rows of others stay", () =>
  withRoot(async (root) => {
    const cases = [one, { ...one, name: "play" }];
    const failed: string[] = [];
    const measure = async (only?: string) => {
      await bench({ suites: ["small"], rounds: 1, docs: false, only }, {
        ...{ root, out: root, suites: [{ ...suite, cases }], date: only ?? "all", cores: 2 },
        say() {},
        fail: ({ message }) => failed.push(message),
      });
      const rows: BenchRow[] = JSON.parse(await Deno.readTextFile(`${root}/reports/bench.json`));
      return rows.map(({ name, date }) => `${name} ${date}`);
    };
    assertEquals(await measure(), ["work all", "play all"]);
    assertEquals(await measure("wor"), ["work wor", "play all"]);
    assertEquals(await measure("rest"), ["work wor", "play all"]);
    assertEquals(failed, ['Suite small has no results: no case has "rest" in its name']);
  }));

Deno.test("bench: what fell behind earlier results is measured once more, and told", () =>
  withRoot(async (root) => {
    const failed: string[] = [];
    const said: string[] = [];
    const measure = (against?: string) =>
      bench({ suites: ["small"], rounds: 1, docs: false, ...against && { against } }, {
        ...{ root, out: root, suites: [suite], date: "2026-01-02", cores: 2 },
        say: (text) => said.push(text),
        fail: ({ message }) => failed.push(message),
      });
    await measure();
    const rows: BenchRow[] = JSON.parse(await Deno.readTextFile(`${root}/reports/bench.json`));
    const earlier = `${root}/earlier.json`;
    const write = (factor: number) =>
      Deno.writeTextFile(
        earlier,
        JSON.stringify(rows.map((row) => ({ ...row, time_ratio: factor * row.time_ratio }))),
      );
    for (const [factor, runs] of [[1 / 0.86, 1], [1 / 0.84, 2]]) {
      await write(factor);
      said.length = 0;
      await measure(earlier);
      assertEquals(said.filter((text) => text.endsWith("ours")).length, runs);
      assertEquals(failed.length, runs - 1);
    }
    assertStringIncludes(failed[0], "work, 4 rows, beside B: 10.00, 11.90 before");
    await assertRejects(() => measure(`${root}/none.json`), UserError, "it has no results");
  }));

Deno.test("bench: a suite that cannot be prepared does not stop the next one", () =>
  withRoot(async (root) => {
    const failed: string[] = [];
    const broken = { ...suite, name: "broken", prepare: [side("P", [1], { fails: true })] };
    const table = await bench({ suites: ["broken", "small"], rounds: 1, docs: false }, {
      ...{ root, out: root, suites: [broken, suite], date: "2026-01-02", cores: 2 },
      say() {},
      fail: ({ message }) => failed.push(message),
    });
    assertEquals(failed.length, 1);
    assertStringIncludes(failed[0], "Suite broken has no results: Cannot measure");
    assertStringIncludes(table, "| small | work | 4 | B |");
  }));

Deno.test("bench: a peer has packages of its own; one that cannot have them is left out", () =>
  withRoot(async (root) => {
    await Deno.writeTextFile(`${root}/bench/requirements-own.txt`, "other==2.0\n");
    await Deno.mkdir(`${root}/.dinoflow/bench-venv-own/bin`, { recursive: true });
    const fake = `${root}/.dinoflow/bench-venv-own/bin/python`;
    await Deno.writeTextFile(fake, `#!/bin/sh\necho '{"other": "2.0"}'\n`);
    await Deno.chmod(fake, 0o755);
    const own = (name: string, file: string) => ({
      command: side(name, [5, 5]),
      packages: ["other"],
      requirements: file,
    });
    const peers = { B: peer("B", [9, 9]), C: own("C", "requirements-own.txt") };
    const failed: string[] = [];
    const measure = (cases: readonly BenchCase[]) =>
      bench({ suites: ["small"], rounds: 1, docs: false }, {
        ...{ root, out: root, suites: [{ ...suite, cases }], date: "2026-01-02", cores: 2 },
        say() {},
        fail: ({ message }) => failed.push(message),
      });
    const found = await measure([{ ...one, ours: side("A", [1, 1]), peers }]);
    assertEquals(failed, []);
    assertStringIncludes(found, "| C |");
    await Deno.writeTextFile(`${root}/bench/requirements-none.txt`, "no-such-package==0.0\n");
    const missing = { B: peer("B", [9, 9]), D: own("D", "requirements-none.txt") };
    const rest = await measure([{ ...one, ours: side("A", [1, 1]), peers: missing }]);
    assertStringIncludes(failed[0], "goes on without the peers of requirements-none.txt");
    assertStringIncludes(rest, "| B |");
    assert(!rest.includes("| D |"));
  }));

Deno.test("bench: requirements are pinned", async () => {
  assertEquals(parseRequirements("# peers\nXGBoost==3.2.0\n\nshap==0.51.0 # new\n"), {
    xgboost: "3.2.0",
    shap: "0.51.0",
  });
  await assertRejects(
    () => Promise.resolve().then(() => parseRequirements("shap>=0.5")),
    UserError,
    'Cannot use the requirement "shap>=0.5"',
  );
});

Deno.test("bench: every suite names its own file, scripts that are there and pinned packages", async () => {
  const suites = await allSuites();
  assert(suites.length >= 5);
  for (const { name, prepare, cases, requirements = "requirements.txt" } of suites) {
    assert((await Deno.stat(`${root}/bench/suites/${name}.ts`)).isFile);
    const pinned = parseRequirements(await Deno.readTextFile(`${root}/bench/${requirements}`));
    const peers = cases.flatMap(({ peers }) => Object.values(peers));
    const commands = [...prepare, ...cases.map(({ ours }) => ours)];
    for (const { script } of [...commands, ...peers.map(({ command }) => command)]) {
      assert((await Deno.stat(`${root}/bench/${script}`)).isFile, script);
    }
    for (const { packages, requirements: own } of peers) {
      const there = own === undefined
        ? pinned
        : parseRequirements(await Deno.readTextFile(`${root}/bench/${own}`));
      for (const packageName of packages) assert(packageName in there, packageName);
    }
  }
});

Deno.test("bench: the task may run the Python of every suite", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  const [, allowed] = /--allow-run=(\S+)/.exec(tasks.bench.command)!;
  for (const { requirements, cases } of await allSuites()) {
    const own = cases.flatMap(({ peers }) => Object.values(peers).map((peer) => peer.requirements));
    for (const file of [requirements, ...own]) {
      const needed = `${ownEnvironment(file ?? "requirements.txt")}/bin/python`;
      assert(allowed.split(",").includes(needed), needed);
    }
  }
});

Deno.test({
  name: "bench: SMOTE beside imbalanced-learn on 500 rows" +
    (python === undefined ? " (needs .venv)" : ""),
  ignore: python === undefined,
  fn: async () => {
    const samplers = (await allSuites()).find(({ name }) => name === "samplers")!;
    const folder = await Deno.makeTempDir();
    try {
      const requirements = await Deno.readTextFile(`${root}/bench/requirements.txt`);
      const [row, ...rest] = await runSuite(
        { ...samplers, cases: samplers.cases.slice(0, 1) },
        { python: python!, versions: parseRequirements(requirements) },
        {
          ...{ root, folder, sizes: [500], rounds: 1, date: "2026-01-02", cores: 2 },
          say() {},
          fail(error) {
            throw error;
          },
        },
      );
      assertEquals(rest, []);
      assertEquals([row.name, row.rows, row.peer], ["SMOTE", 500, "imbalanced-learn"]);
      assert(row.ours_s > 0 && row.peer_s > 0);
      // Both fill all classes up to the largest, so the counts are the same.
      assert(row.ours_quality! > 500);
      assertEquals(row.ours_quality, row.peer_quality);
      if (Deno.build.os === "linux") assert(row.ours_mb! > 1 && row.peer_mb! > 1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
