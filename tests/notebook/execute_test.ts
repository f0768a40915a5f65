/** Notebooks in a real kernel: what comes out, and what makes one fail. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { UserError } from "../../src/base/mod.ts";
import { executeNotebook, type ExecuteOptions } from "../../src/notebook/mod.ts";
import type { Output } from "../../src/deno_kernel/mod.ts";
import type { NotebookCell } from "../../src/notebook_files/mod.ts";
import { code, Folder, notebook, prose } from "./notebook_files.ts";

async function execute(
  cells: readonly (string | NotebookCell)[],
  options: Partial<ExecuteOptions> = {},
) {
  await using folder = await Folder.create();
  await folder.write("beside.ts", "export const seven = 7;");
  const { notebook: executed, failure } = await executeNotebook(notebook(...cells), {
    cwd: folder.path,
    timeout: 60,
    ...options,
  });
  const outputs = executed.cells.map((cell) => (cell.outputs ?? []) as Output[]);
  return { executed, failure, outputs };
}

Deno.test("execute: what is written past the console is shown in its place, children included", async () => {
  const bytes = (text: string) => `new TextEncoder().encode(${JSON.stringify(text)})`;
  const child = (options: string) =>
    `new Deno.Command("sh", { args: ["-c", "echo out; echo err >&2"]${options} })`;
  const { failure, outputs } = await execute([
    `console.log("1"); await Deno.stdout.write(${bytes("2 ü\n")}); console.log("3");\n` +
    `Deno.stderr.writeSync(${bytes("4\n")});`,
    `const [a, b] = [${bytes("ü")}.slice(0, 1), ${bytes("ü")}.slice(1)];\n` +
    "Deno.stdout.writeSync(a); Deno.stdout.writeSync(b);",
    `await new Blob(["streamed"]).stream().pipeTo(Deno.stdout.writable);`,
    `import process from "node:process"; process.stdout.write("node\\n");`,
    `await ${child(', stdout: "inherit", stderr: "inherit"')}.output();`,
    `await ${child("")}.spawn().status;`,
    `${child(', stdout: "inherit", stderr: "null"')}.outputSync();`,
    `const { stdout, code } = await ${child(', stderr: "inherit"')}.output();\n` +
    `console.log(code, new TextDecoder().decode(stdout).trim());`,
    `const { success } = await ${child("")}.output(); console.log(success);`,
  ]);
  assertEquals(failure, undefined);
  const texts = outputs.map((list) =>
    list.flatMap((output) =>
      output.output_type === "stream" ? `${output.name}: ${output.text}` : []
    )
      .sort()
  );
  assertEquals(texts, [
    ["stderr: 4\n", "stdout: 1\n2 ü\n3\n"],
    ["stdout: ü"],
    ["stdout: streamed"],
    ["stdout: node\n"],
    ["stderr: err\n", "stdout: out\n"],
    ["stderr: err\n", "stdout: out\n"],
    ["stdout: out\n"],
    ["stderr: err\n", "stdout: 0 out\n"],
    ["stdout: true\n"],
  ]);
});

Deno.test("execute: values that JSON has no word for are shown, and places stay", async () => {
  const cells: [source: string, shown: string | undefined][] = [
    ["NaN", "NaN"],
    ["-0", "-0"],
    ["5n", "5n"],
    ["null", "null"],
    ["-Infinity", "-Infinity"],
    ["const a = 12345678901234567890n; // big\na // its value", "12345678901234567890n"],
    ["// 🦕 é\n'🦕'; null as number | null;", "null"],
    ["await Promise.resolve(NaN)", "NaN"],
    ["a === 5n ? 1 : null", "null"],
    ["undefined", undefined],
    ["const b = null", undefined],
    ["0", "0"],
    ["({ n: null })", "{ n: null }"],
    ["'text'", '"text"'],
    ["[1n]", "[ 1n ]"],
  ];
  const { failure, outputs } = await execute(cells.map(([source]) => source));
  assertEquals(failure, undefined);
  const shown = outputs.map(([output]) =>
    output?.output_type === "execute_result"
      // deno-lint-ignore no-control-regex
      ? String(output.data["text/plain"]).replaceAll(/\x1b\[\d+m/g, "")
      : undefined
  );
  assertEquals(shown, cells.map(([, wanted]) => wanted));
  const failed = await execute(["1;\n\n(() => { throw new Error('here'); })()"]);
  assertEquals([failed.failure?.cell, failed.failure?.line], [1, 3]);
});

Deno.test("execute: a cell tagged skip-execution keeps its outputs and is not run", async () => {
  const kept = { output_type: "stream", name: "stdout", text: "from the live notebook" };
  const { failure, outputs, executed } = await execute([
    {
      ...code("throw new Error('live only')", "skip-execution"),
      outputs: [kept],
      execution_count: 3,
    },
    "'after'",
  ]);
  assertEquals(failure, undefined);
  assertEquals(outputs[0], [kept as Output]);
  assertEquals(executed.cells.map((cell) => cell.execution_count), [3, 1]);
});

Deno.test("execute: values, streams, displays, updates and cleared outputs", async () => {
  const { executed, failure, outputs } = await execute([
    "const a: number = 1;\na",
    prose("text"),
    'const a = a + 1; // declared again\nconsole.log("one");\nconsole.log("two");\nconsole.error("three");\na',
    "await Deno.jupyter.display({ 'text/plain': '0%' }, { raw: true, display_id: 'p' });",
    "await Deno.jupyter.broadcast('update_display_data', {\n" +
    "  data: { 'text/plain': '100%' }, metadata: {}, transient: { display_id: 'p' } });",
    "console.log('gone'); await Deno.jupyter.broadcast('clear_output', { wait: true });\nconsole.log('kept');",
    'import { seven } from "./beside.ts";\nimport { basename } from "node:path";\nseven',
    "",
    "throw new Error('expected')",
  ].map((source, i) => i === 8 ? code(String(source), "raises-exception") : source));
  assertEquals(failure, undefined);
  const text = (output: Output) =>
    output.output_type === "stream"
      ? `${output.name}: ${output.text}`
      : output.output_type === "error"
      ? `${output.ename}: ${output.evalue}`
      // deno-lint-ignore no-control-regex
      : String(output.data["text/plain"]).replaceAll(/\x1b\[\d+m/g, "");
  assertEquals(outputs.map((list) => list.map(text)), [
    ["1"],
    [],
    ["stdout: one\ntwo\n", "stderr: three\n", "2"],
    ["100%"],
    [],
    ["stdout: kept\n"],
    ["7"],
    [],
    ["Error: expected"],
  ]);
  assertEquals(executed.cells.map(({ execution_count }) => execution_count), [
    ...[1, undefined, 2, 3, 4, 5, 6, null, 7],
  ]);
});

/** Cells that fail, with the line and the message. */
const failing: readonly (readonly [source: string, line: number | undefined, message: RegExp])[] = [
  ["interface A { b: 1 }\n\n\nthrow new TypeError('boom');", 4, /^TypeError: boom$/],
  ["function f() {\n  throw new Error('deep');\n}\n\nf();", 5, /^Error: deep$/],
  ["// a comment\nawait Promise.reject(new RangeError('late'));", 2, /^RangeError: late$/],
  ["import { no } from './none.ts';", 1, /Module not found/],
  ["import { seven } from './beside.ts';\n\nnull!.x;", 3, /^TypeError: Cannot read properties/],
  ["const a = 1;\nconst b = ;", 2, /^SyntaxError: Unexpected token$/],
  ["throw 'text'", undefined, /^Error: text$/],
  [
    "const x = 1;\nPromise.reject(new Error('lost'));\n5",
    2,
    /^Error: lost \(a promise that nothing/,
  ],
  [
    "setTimeout(() => {\n\n  throw new Error('tick');\n}, 0);",
    3,
    /^Error: tick \(thrown in a callback/,
  ],
  [
    "Deno.test('sum', () => {\n  throw new Error('bad');\n});\nDeno.test('fine', () => {});",
    2,
    /^TestFailure: "sum" failed: Error: bad$/,
  ],
  [
    "Deno.test('steps', async (t) => {\n  await t.step('inner', () => {\n    throw new Error('x');\n  });\n});",
    undefined,
    /^TestFailure: "steps" failed: Error: x$/,
  ],
  ["({ [Symbol.for('Jupyter.display')]() { throw new Error('shown') } })", 1, /^Error: shown$/],
  ["Deno.exit(3)", undefined, /^the kernel ended \(exit code 3\)$/],
];

for (const [source, line, message] of failing) {
  const name = source.replaceAll(/\s+/g, " ").slice(0, 50);
  Deno.test(`execute: fails with its cell and line: ${name}`, async () => {
    const { failure, outputs, executed } = await execute(["1", prose("text"), source, "2"]);
    assertEquals(failure?.cell, 3);
    assertMatch(failure!.message, message);
    if (line !== undefined) assertEquals(failure!.line, line);
    assert(outputs[2].some(({ output_type }) => output_type === "error"));
    assertEquals(executed.cells[3].execution_count, null, "what follows is not run");
    assert(!JSON.stringify(outputs).includes("prelude"), "the insides of the kernel stay hidden");
  });
}

Deno.test("execute: tests that pass are reported in the cell's output", async () => {
  const { failure, outputs } = await execute(["Deno.test('adds', () => {});", "1"]);
  assertEquals(failure, undefined);
  assertStringIncludes(JSON.stringify(outputs[0]), "ok | 1 passed | 0 failed");
  assertEquals(outputs[1].length, 1);
});

Deno.test("execute: a cell that takes too long ends with its kernel", async () => {
  for (const source of ["while (true) {}", "await new Promise(() => {})"]) {
    const { failure } = await execute(["1", source, "2"], { timeout: 0.5 });
    const message = "the cell took longer than 0.5 s and the kernel was killed";
    assertEquals(failure, { cell: 2, message });
  }
});

Deno.test("execute: a kernel that ends by itself fails the cell that runs then", async () => {
  const later = "await new Promise((resolve) => setTimeout(resolve, 5000));";
  const { failure } = await execute(["setTimeout(() => Deno.exit(4), 100);", later]);
  assertEquals(failure?.message, "the kernel ended (exit code 4)");
});

Deno.test({
  name: "execute: what cells have started ends with the kernel",
  ignore: Deno.build.os === "windows",
  async fn() {
    const start = `const child = new Deno.Command("sleep", { args: ["600"] }).spawn();
console.log(child.pid);`;
    for (const end of ["1", "Deno.exit(3)", "while (true) {}"]) {
      const { outputs } = await execute([start, end], { timeout: 2 });
      const pid = Number((outputs[0][0] as { text: string }).text);
      const command = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", `${pid}`] })
        .output();
      // Nobody may have asked for its end yet, but it has ended.
      assertMatch(new TextDecoder().decode(command.stdout), /^(Z.*)?\s*$/, end);
    }
  },
});

Deno.test("execute: an interrupt ends the kernel", async () => {
  const interrupt = new AbortController();
  const run = execute(["1", "await new Promise(() => {})"], {
    signal: interrupt.signal,
    onCell: (cell) => void (cell === 2 && setTimeout(() => interrupt.abort(new Error("stop")), 50)),
  });
  await assertRejects(() => run, Error, "stop");
});

Deno.test("execute: a notebook of another language is refused", async () => {
  const python = {
    ...notebook("1"),
    metadata: { kernelspec: { name: "python3", language: "python" } },
  };
  await assertRejects(
    () => executeNotebook(python, { cwd: "." }),
    UserError,
    "Cannot run a notebook in python: its kernel is python3, wanted dinoflow or deno",
  );
});

const full = Deno.args.includes("--full");

/** Big and small outputs in turn, of which none may be lost. */
Deno.test(`execute: no output is lost, however big${full ? "" : " (--full for 20 runs)"}`, async () => {
  const big = 2_000_000;
  const sources = Array.from(
    { length: full ? 200 : 40 },
    (_, i) =>
      i % 10 === 9
        ? `console.log("s"); await Deno.jupyter.display({ "text/html": "${i}:" + "z".repeat(${big}) }, { raw: true }); ${i}`
        : `console.log("s"); ${i}`,
  );
  for (let run = 0; run < (full ? 20 : 1); run++) {
    const { failure, outputs } = await execute(sources);
    assertEquals(failure, undefined);
    for (const [i, list] of outputs.entries()) {
      const kinds = ["stream", ...i % 10 === 9 ? ["display_data"] : [], "execute_result"];
      assertEquals(list.map(({ output_type }) => output_type), kinds, `cell ${i + 1}`);
      if (i % 10 !== 9) continue;
      const html = (list[1] as { data: Record<string, string> }).data["text/html"];
      assertEquals(html.length, big + `${i}:`.length);
    }
  }
  const streams = await execute([
    "for (let i = 0; i < 20000; i++) console.log(`line ${i}`);",
    `console.log("😀".repeat(${big / 2}));`,
    "1",
  ]);
  const [lines, smiles] = streams.outputs.map(([output]) => (output as { text?: string }).text);
  assertEquals(lines!.split("\n").length, 20_001);
  assertEquals(smiles, `${"😀".repeat(big / 2)}\n`);
});
