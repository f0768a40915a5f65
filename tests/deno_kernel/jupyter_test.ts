/** The kernel as Jupyter's front ends have it, over the wire. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Folder } from "../notebook/notebook_files.ts";
import { waitUntil } from "../wait_until.ts";
import { JupyterClient, pause, published, withKernel, words } from "./jupyter_client.ts";

Deno.test("jupyter: outputs come in order between busy and idle", async () => {
  await withKernel(async (client) => {
    const got = await client.run(
      'import { seven } from "./beside.ts";\nconsole.log("one"); console.error("two");\n' +
        "await Deno.jupyter.display(Deno.jupyter.md`# three`);\nconsole.log('four');\nseven",
    );
    assertEquals(words(got), [
      ...["status busy", "execute_input", "stream stdout: one", "stream stderr: two"],
      ...["display_data", "stream stdout: four", "execute_result 7", "status idle"],
    ]);
    assertEquals([got.reply.status, got.reply.execution_count], ["ok", 1]);
    const values = await Promise.all(
      ["NaN", "-0", "5n", "null", "undefined"].map((code) => client.run(code)),
    );
    assertEquals(values.map((value) => words(value).slice(2, -1)), [
      ...[["execute_result NaN"], ["execute_result -0"], ["execute_result 5n"]],
      ...[["execute_result null"], []],
    ]);
    assertEquals((await client.shutdown()).code, 0);
  });
});

Deno.test("jupyter: 1,000 cells that are run at once give 1,000 results in order", async () => {
  await withKernel(async (client) => {
    const all = await Promise.all(Array.from({ length: 1000 }, (_, i) => client.run(`${i}`)));
    assertEquals(
      all.map((one) => words(one)),
      all.map((_, i) => [
        ...["status busy", "execute_input", `execute_result ${i}`, "status idle"],
      ]),
    );
    assertEquals(all.map(({ reply }) => reply.execution_count), all.map((_, i) => i + 1));
  });
});

Deno.test("jupyter: errors tell cell and line; what waits behind one is not run", async () => {
  await withKernel(async (client) => {
    const [one, two, three] = await Promise.all([
      client.run("interface A { b: 1 }\n\nthrow new TypeError('boom');"),
      client.run("2"),
      client.run("3", { stop_on_error: false }),
    ]);
    assertEquals([one.reply.status, two.reply.status, three.reply.status], [
      ...["error", "aborted", "aborted"],
    ]);
    assertMatch(
      String((one.reply.traceback as string[]).join("\n")),
      /TypeError: boom\n.*In\[1\]:3:/,
    );
    const syntax = await client.run("const a = 1;\nconst b = ;");
    assertEquals(words(syntax)[2], "error SyntaxError: Unexpected token");
    assertStringIncludes(String(syntax.reply.traceback), "In[2]:2");
    const missing = await client.run('import { no } from "./none.ts";');
    assertMatch(words(missing)[2], /^error TypeError: Module not found/);
    assertStringIncludes(String(missing.reply.traceback), "In[3]:1");
  });
});

/** Cells that end in an error, with what the error says and the line that it tells. */
const failing: readonly (readonly [code: string, says: RegExp, line: number])[] = [
  ["\n\nthrow 5", /^error Error: 5$/, 3],
  ["\nawait Promise.reject('no')", /^error Error: no$/, 2],
  ["const f = () => {\n  throw { a: 1 };\n};\nf()", /^error Error: \{ a: 1 \}$/, 2],
  ["\nawait Promise.any([Promise.reject(new Error('one'))])", /AggregateError/, 2],
  ["({ [Symbol.for('Jupyter.display')]() {\n  throw new Error('shown') } })", /Error: shown/, 2],
  ["\nsetTimeout(() => { throw null }, 1); await new Promise(() => {})", /null.*callback/, 2],
  ["let a = 1;\nconst a = 2;", /SyntaxError: Identifier 'a' has already been declared/, 2],
  ["\nimport { eight } from './beside.ts'; eight", /"\.\/beside\.ts" has no export eight/, 2],
  ["\nimport it from './beside.ts'; it", /has no export default/, 2],
  ["1;\nconst view = <b>hi</b>;", /JSX does not work in cells/, 2],
  ["const d = (_: unknown) => {};\n@d class B {}", /Decorators do not work in cells/, 2],
  ["\nprocess.nextTick(() => { throw new Error('tick') }); 1", /Error: tick/, 2],
  ["\nnew Proxy({}, { get() { throw new Error('trap') } })", /Error: trap/, 2],
];

Deno.test("jupyter: whatever a cell throws is told with its line and leaves the kernel whole", async () => {
  await withKernel(async (client) => {
    for (const [code, says, line] of failing) {
      const running = client.run(code);
      if (code.includes("new Promise(() => {})")) {
        await published(client, /callback/);
        await client.ask("interrupt_request", {}, { channel: "control" });
      }
      const got = await running;
      assertMatch(words(got).find((word) => word.startsWith("error"))!, says, code);
      const cell = got.outputs.find(({ header }) => header.msg_type === "error")!;
      assertMatch(String(cell.content.traceback), new RegExp(`In\\[\\d+\\]:${line}\\b`), code);
    }
    const broken = await client.run("Promise.prototype.then = () => { throw 'gone' }; 1");
    assertEquals(broken.reply.status, "error");
    assertEquals((await client.run("2")).reply.status, "error");
  });
});

Deno.test("jupyter: a cell may declare again what others have declared, in any way", async () => {
  await withKernel(async (client) => {
    const result = async (code: string) => {
      const got = await client.run(code);
      assertEquals(got.reply.status, "ok", `${code}: ${got.reply.evalue}`);
      return words(got).at(-2)?.replace("execute_result ", "");
    };
    const ways = [
      ["const it = 1; it", "1"],
      ["let it: number = 2; it", "2"],
      ["function it() { return 3 } it()", "3"],
      ["const [it, other]: number[] = [4, 5]; [it, other]", "[ 4, 5 ]"],
      ["var it = await Promise.resolve(6); it", "6"],
      ["import { seven as it } from './beside.ts'; it", "7"],
      ["class it { a = 8 }\nnew it()", "it { a: 8 }"],
      ["enum Kind { A }\nKind.A", "0"],
      ["const Kind = 9, it: number = Kind; it", "9"],
    ];
    for (const [code, wanted] of ways) assertEquals(await result(code), wanted, code);
    for (const [code, wanted] of ways.toReversed()) {
      if (!code.startsWith("enum")) assertEquals(await result(code), wanted, code);
    }
    assertMatch(String((await client.run("const c = 1; c = 2")).reply.evalue), /constant/);
    const text = await client.run("console.log('once'); eval('let a; let a')");
    assertEquals(words(text).filter((word) => word.includes("once")), ["stream stdout: once"]);
    assertEquals(text.reply.ename, "SyntaxError");
  });
});

Deno.test("jupyter: timers and promises speak up in the cell that started them", async () => {
  await withKernel(async (client) => {
    const first = client.run(
      "setTimeout(() => console.log('late'), 300);\n\nsetTimeout(() => { throw new Error('tick'); }, 320);",
    );
    const id = (await first).outputs[0].parent.msg_id;
    await client.run("await new Promise((resolve) => setTimeout(resolve, 50)); 1");
    await published(client, /tick/);
    await published(client, /late/);
    const own = words({ reply: {}, outputs: client.of(String(id)) });
    assert(own.includes("stream stdout: late"), own.join("; "));
    assert(own.includes("error Error: tick (thrown in a callback)"), own.join("; "));
    const lost = await client.run("Promise.reject(new Error('lost')); 5");
    assertEquals(lost.reply.status, "error");
  });
});

Deno.test("jupyter: what is printed past the console comes, children's prints as well", async () => {
  await withKernel(async (client) => {
    const got = await client.run(
      `import { spawnSync } from "node:child_process";
Deno.stdout.writeSync(new TextEncoder().encode("raw\\n"));
Deno.stdout.close();
await new Deno.Command("sh", { args: ["-c", "echo child"], stdout: "inherit" }).output();
spawnSync("sh", ["-c", "echo node"], { stdio: "inherit" });
console.trace("way");`,
    );
    assertMatch(words(got).join(), /stream stderr: Trace: way/);
    const text = words(got).filter((word) => word.startsWith("stream stdout")).join("\n");
    for (const word of ["raw", "child", "node"]) assertStringIncludes(text, word);
  });
});

Deno.test("jupyter: big outputs come whole", async () => {
  await withKernel(async (client) => {
    for (const size of [1e5, 3e6, 2e7]) {
      const { outputs } = await client.run(
        `await Deno.jupyter.display({ "text/html": "z".repeat(${size}) }, { raw: true });`,
      );
      const { data } = outputs[2].content as { data: Record<string, string> };
      assertEquals(data["text/html"].length, size);
    }
  });
});

Deno.test("jupyter: a cell asks for input, if anybody answers", async () => {
  await withKernel(async (client) => {
    const got = await client.runAnswering("const name = prompt('Who?'); name", "Ann");
    assertEquals(words(got)[2], 'execute_result "Ann"');
    const nobody = await client.run("prompt('Who?')");
    assertStringIncludes(String(nobody.reply.evalue), "nobody answers");
    assertEquals(words(await client.run("1 + 1"))[2], "execute_result 2");
  });
});

Deno.test("jupyter: silent cells leave no trace, expressions are evaluated", async () => {
  await withKernel(async (client) => {
    const silent = await client.run("var hidden = 3;", { silent: true, store_history: false });
    assertEquals(words(silent), ["status busy", "status idle"]);
    const got = await client.run("hidden", {
      user_expressions: { twice: "hidden * 2", wrong: "nothing.there" },
    });
    assertEquals(got.reply.execution_count, 1);
    const { twice, wrong } = got.reply.user_expressions as Record<string, Record<string, unknown>>;
    assertEquals([twice.status, wrong.status, wrong.ename], ["ok", "error", "ReferenceError"]);
    const { reply } = await client.ask("history_request", {
      ...{ hist_access_type: "tail", n: 5, output: false, raw: true },
    });
    assertEquals(reply.history, [[1, 1, "hidden"]]);
  });
});

Deno.test("jupyter: a kernel that ends is started anew, and says so", async () => {
  await withKernel(async (client) => {
    await client.run("const kept = 1;");
    const ended = await client.run("Deno.exit(3)");
    assertEquals(ended.reply.ename, "KernelDeath");
    assertMatch(String(ended.reply.evalue), /exit code 3.*started anew/);
    const gone = await client.run("typeof kept");
    assertEquals(words(gone)[2], 'execute_result "undefined"');
  });
});

Deno.test("jupyter: what nobody has signed is not followed", async () => {
  await withKernel(async (client, folder) => {
    const { MessageCodec } = await import("../../src/deno_kernel/jupyter/message.ts");
    const path = folder.at("written");
    const code = `Deno.writeTextFileSync(${JSON.stringify(path)}, "")`;
    const frames = new MessageCodec("another key").frames({
      type: "execute_request",
      content: { code, silent: false },
    });
    await client.shell.send(frames);
    const own = client.codec.frames({ type: "execute_request", content: { code: "1" } });
    await client.shell.send(own);
    await client.shell.send(own); // heard and sent again
    await client.run("2");
    assertEquals(
      words({ reply: {}, outputs: client.published }).filter((word) => word === "execute_result 1"),
      ["execute_result 1"],
    );
    await folder.write("other", "there is a folder");
    assertEquals([...Deno.readDirSync(folder.path)].some(({ name }) => name === "written"), false);
  });
});

Deno.test("jupyter: comms reach the cells and their answers come back", async () => {
  await withKernel(async (client) => {
    await client.run(
      `Deno.jupyter.onComm("echo", (type, { comm_id, data }) =>
  type === "comm_msg" && Deno.jupyter.broadcast("comm_msg", { comm_id, data: { back: data } }));
Deno.jupyter.onComm("c1", (type, { comm_id, data }) =>
  type === "comm_msg" && Deno.jupyter.broadcast("comm_msg", { comm_id, data: { back: data } }));`,
    );
    const send = (type: string, content: object) =>
      client.shell.send(client.codec.frames({ type, content }));
    await send("comm_open", { comm_id: "c1", target_name: "echo", data: {} });
    await send("comm_msg", { comm_id: "c1", data: { n: 1 } });
    for (;;) {
      const back = client.published.find(({ header }) => header.msg_type === "comm_msg");
      if (back) {
        assertEquals(back.content, { comm_id: "c1", data: { back: { n: 1 } } });
        break;
      }
      await pause(10);
    }
    const { reply } = await client.ask("comm_info_request", {});
    assertEquals(reply.comms, { c1: { target_name: "echo" } });
  });
});

Deno.test("jupyter: columns of shown tables and of declared features are completed", async () => {
  await using folder = await Folder.create();
  const config = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  await folder.write("deno.json", JSON.stringify({ imports: JSON.parse(config).imports }));
  await using client = await JupyterClient.start(folder.path);
  {
    const cells = import.meta.resolve("../../src/cells/mod.ts");
    const features = import.meta.resolve("../../src/features/mod.ts");
    const { reply } = await client.run(
      `import { show } from "${cells}"; import { featureSet, number } from "${features}";
const set = featureSet({ target: { column: "Score", classes: ["a", "b"] }, columns: { Income: number() } });
let late;
show([{ Age: 1, "Monthly Rate": 2 }])`,
    );
    assertEquals(reply.status, "ok", String(reply.evalue));
    const complete = async (code: string) => {
      const { reply } = await client.ask("complete_request", {
        code,
        cursor_pos: [...code].length,
      });
      return reply;
    };
    // What takes too long is left out of an answer, and the first one starts the language server.
    await waitUntil(
      async () => ((await complete('set.columns["In')).matches as string[]).length > 0,
      "the columns of a feature set are known",
    );
    const rate = await complete('frame.getColumn("mon');
    assertEquals([rate.matches, rate.cursor_start, rate.cursor_end], [["Monthly Rate"], 17, 20]);
    const all = await complete("const 𝑥 = frame.select('");
    assertEquals(all.matches, ["Age", "Monthly Rate", "Income"]);
    assertEquals((await complete('set.columns["In')).matches, ["Income"]);
    assertEquals(((await complete('// "A')).matches as string[]).includes("Age"), false);
  }
});

Deno.test("jupyter: memory stays flat over 1,000 cells", async () => {
  await withKernel(async (client) => {
    const used = async () => {
      const { outputs } = await client.run("gc(); Deno.memoryUsage().heapUsed");
      const { data } = outputs[2].content as { data: Record<string, string> };
      // deno-lint-ignore no-control-regex
      return Number(data["text/plain"].replaceAll(/\x1b\[\d+m/g, ""));
    };
    const cell =
      "const data = new Array(10_000).fill(Math.random()); console.log(data.length); data";
    for (let i = 0; i < 100; i++) await client.run(cell);
    const before = await used();
    for (let i = 0; i < 1000; i++) await client.run(cell);
    const grown = await used() - before;
    // A kept array is 80 kB: a thousand of them would be 80 MB.
    assert(grown < 8e6, `grew by ${grown} bytes`);
  }, { DENO_V8_FLAGS: "--expose-gc" });
});

Deno.test("jupyter: two kernels in one folder do not meet", async () => {
  await withKernel(async (client, folder) => {
    await using other = await JupyterClient.start(folder.path);
    await Promise.all([client.run("const mine = 1;"), other.run("const mine = 2;")]);
    const [one, two] = await Promise.all([client.run("mine"), other.run("mine")]);
    assertEquals([words(one)[2], words(two)[2]], ["execute_result 1", "execute_result 2"]);
  });
});
