/** `deno task notebook`: what it writes, what it says, how it ends. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Session } from "../pipeline/session.ts";
import { code, Folder, notebook, prose } from "./notebook_files.ts";

Deno.test("notebook cli: run writes outputs back and names the cell and line of a failure", async () => {
  await using folder = await Folder.create({
    "good.ipynb": notebook(code("const rows = 3;", "parameters"), 'console.log("rows\\n" + rows)'),
    "bad.ipynb": notebook(prose("# Bad"), "// first\nthrow new Error('boom');"),
  });
  const { exit, stderr } = await folder.cli("run", "bad.ipynb", "good.ipynb", "--timeout", "60");
  assertEquals(exit, 1);
  assertStringIncludes(
    stderr,
    "error: bad.ipynb: cell 2, line 2: Error: boom\n  2 | throw new Error('boom');\n" +
      "next: see its outputs in bad.ipynb\n",
  );
  assertMatch(stderr, /good\.ipynb: cell 2 of 2\ngood\.ipynb: done after/);
  const [, printed] = (await folder.read("good.ipynb")).cells;
  assertEquals(printed.outputs, [{
    output_type: "stream",
    name: "stdout",
    text: ["rows\n", "3\n"],
  }]);
  assertEquals(((await folder.read("bad.ipynb")).cells[1].outputs as unknown[]).length, 1);

  const before = await Deno.readTextFile(folder.at("good.ipynb"));
  const set = await folder.cli("run", "good.ipynb", "--param", "rows=5", "--out", "set.ipynb");
  assertEquals(set.exit, 0);
  assertEquals((await folder.read("set.ipynb")).cells[1].source, "const rows = 5;");
  assertEquals(await Deno.readTextFile(folder.at("good.ipynb")), before);
  const names = Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assertEquals((await names).sort(), ["bad.ipynb", "good.ipynb", "set.ipynb"]);
});

Deno.test("notebook cli: what it does not understand ends with 2 and a suggestion", async () => {
  await using folder = await Folder.create();
  const said = async (...args: string[]) => {
    const { exit, stderr } = await folder.cli(...args);
    return `${exit} ${stderr}`;
  };
  assertEquals(
    await said("rnu"),
    "2 error: Cannot understand the command rnu\nnext: did you mean run?\n",
  );
  assertStringIncludes(await said("run", "a.ipynb", "--parm", "a=1"), "did you mean --param?");
  assertStringIncludes(await said("strip", "a.ipynb", "--out", "b"), "the option of strip --out");
  assertStringIncludes(await said("run"), "2 error: Cannot run without a notebook");
  assertStringIncludes(
    await said("run", "a.ipynb", "--timeout", "0"),
    "2 error: Cannot use --timeout 0",
  );
  assertStringIncludes(await said("run", "a.ipynb", "--param", "a"), "write it --param name=value");
  assertStringIncludes(
    await said("run", "a.ipynb", "b.ipynb", "--out", "c"),
    "2 notebooks to one --out",
  );
  assertStringIncludes(
    await said("run", "none.ipynb"),
    "1 error: Cannot find the notebook none.ipynb",
  );
  const { exit, stdout } = await folder.cli("run", "--help");
  assertEquals(exit, 0);
  assert(stdout.split("\n").length <= 30 && stdout.includes("to-pipeline"));
});

Deno.test("notebook cli: new starts a notebook that passes its checks, and spares what is there", async () => {
  await using folder = await Folder.create();
  const started = await folder.cli("new", "first");
  assertEquals([started.exit, started.stdout], [0, "notebooks/first.ipynb\n"]);
  const { cells } = await folder.read("notebooks/first.ipynb");
  assertEquals(new Set(cells.map(({ id }) => id)).size, cells.length);
  const again = await folder.cli("new", "first");
  assertEquals(again.exit, 2);
  assertStringIncludes(again.stderr, "it exists");
  assertEquals((await folder.cli("new", "../x")).exit, 2);
});

Deno.test("notebook cli: strip leaves sources alone, and a stripped notebook as it is", async () => {
  const ran = notebook("1 + 1", prose("text"));
  const [cell] = ran.cells;
  const filled = {
    ...ran,
    cells: ran.cells.with(0, {
      ...cell,
      execution_count: 3,
      outputs: [{ output_type: "stream", name: "stdout", text: "2" }],
      metadata: { tags: ["keep"], execution: { started: "now" } },
    }),
  };
  await using folder = await Folder.create({ "a.ipynb": filled });
  assertEquals((await folder.cli("strip", "a.ipynb")).stdout, "a.ipynb: stripped\n");
  const stripped = await folder.read("a.ipynb");
  assertEquals(stripped.cells, [{ ...cell, metadata: { tags: ["keep"] } }, ran.cells[1]]);
  const { mtime } = await Deno.stat(folder.at("a.ipynb"));
  assertEquals((await folder.cli("strip", "a.ipynb")).stdout, "a.ipynb: nothing to strip\n");
  assertEquals((await Deno.stat(folder.at("a.ipynb"))).mtime, mtime);
});

const main = fromFileUrl(import.meta.resolve("../../src/notebook/main.ts"));
const config = fromFileUrl(import.meta.resolve("../../deno.json"));

/** Kernels that were started in `folder`. */
async function kernelsIn(folder: string): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const read = (file: string) => Deno.readTextFile(`/proc/${name}/${file}`).catch(() => "");
    if (!(await read("cmdline")).includes("eval\0--ext=ts\0--inspect-wait")) continue;
    if (await Deno.readLink(`/proc/${name}/cwd`).catch(() => "") === folder) count++;
  }
  return count;
}

for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 130], ["SIGKILL", 137]] as const) {
  Deno.test({
    name: `notebook cli: no kernel outlives ${signal}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using folder = await Folder.create({ "busy.ipynb": notebook("1", "while (true) {}") });
      const before = await Deno.readTextFile(folder.at("busy.ipynb"));
      await using session = new Session(
        new Deno.Command(Deno.execPath(), {
          args: ["run", "--allow-all", "--config", config, main, "run", "busy.ipynb"],
          cwd: folder.path,
          stdout: "piped",
          stderr: "piped",
        }),
      );
      await session.until("cell 2 of 2");
      assertEquals(await kernelsIn(folder.path), 1);
      assertEquals(await session.end(signal), exit);
      // The guard of a killed runner needs a moment.
      for (let i = 0; i < 200 && await kernelsIn(folder.path) > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assertEquals(await kernelsIn(folder.path), 0);
      assertEquals(await Deno.readTextFile(folder.at("busy.ipynb")), before);
    },
  });
}

Deno.test("notebook cli: install writes where it says, and uninstall takes it away", async () => {
  await using folder = await Folder.create();
  const installed = await folder.cli("install", "--prefix", folder.path);
  assertEquals([installed.exit, installed.stderr], [0, ""]);
  const file = "share/jupyter/kernels/dinoflow/kernel.json";
  assertStringIncludes(installed.stdout, `${file}\n`);
  assertStringIncludes(installed.stdout, "JUPYTER_PATH=share/jupyter\n");
  const extension = folder.at("share/jupyter/labextensions/dinoflow");
  const parts = [...Deno.readDirSync(`${extension}/static`)].map(({ name }) => name);
  assertEquals(parts.sort(), [
    ...[
      "control.js",
      "figure.js",
      "marks.js",
      "plotly.js",
      "plugins.js",
      "remoteEntry.js",
      "style.css",
    ],
    ...["table.js", "variables.js"],
  ]);
  const spec = JSON.parse(await Deno.readTextFile(folder.at(file)));
  assertEquals([spec.display_name, spec.language, spec.interrupt_mode], [
    ...["Dinoflow (Deno)", "typescript", "message"],
  ]);
  assert(!/[\\/](_npx|\.npm|npm-cache|node_modules)[\\/]/.test(spec.argv[0]), spec.argv[0]);
  assertEquals(spec.argv.at(-1), "{connection_file}");
  assertEquals((await folder.cli("uninstall", "--prefix", folder.path)).exit, 0);
  assertEquals(await Deno.stat(extension).catch((error) => error.name), "NotFound");
  const again = await folder.cli("uninstall", "--prefix", folder.path);
  assertEquals(again.exit, 1);
  assertStringIncludes(again.stderr, "Cannot find the kernel");
  const both = await folder.cli("install", "--user", "--prefix", folder.path);
  assertEquals(both.exit, 2);
  assertStringIncludes(both.stderr, "Cannot install to --user and --prefix");
});

Deno.test("notebook cli: parameters are held to what the cell declares, with exit code 2", async () => {
  await using folder = await Folder.create({
    "p.ipynb": notebook(
      code('const mode: "fast" | "slow" = "fast";\nlet rows: number = 3;', "parameters"),
      "console.log(mode, rows);",
    ),
  });
  const cases = [
    ["mode=fats", 'Cannot set the parameter "mode" to "fats"', 'did you mean "fast"?'],
    ["mode=", 'Cannot set the parameter "mode" to ""', "give one of fast, slow"],
    ["mod=fast", "declares mode, rows", 'did you mean "mode"?'],
    ["rows=many", 'Cannot set the parameter "rows"', "number"],
  ];
  for (const [param, message, next] of cases) {
    const { exit, stderr } = await folder.cli("run", "p.ipynb", "--param", param);
    assertEquals(exit, 2, stderr);
    assertStringIncludes(stderr, message);
    assertStringIncludes(stderr, next);
  }
  const { exit } = await folder.cli("run", "p.ipynb", "--param", "mode=slow", "--param", "rows=4");
  assertEquals(exit, 0);
  const outputs = (await folder.read("p.ipynb")).cells.at(-1)!.outputs as { text: string[] }[];
  assertEquals(String(outputs[0].text), "slow 4\n");
});
