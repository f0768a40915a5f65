import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import process from "node:process";
import { z } from "zod";
import { UsageError } from "../../src/base/mod.ts";
import { pipeline, runPipeline, type StepPermissions } from "../../src/pipeline/mod.ts";
import { deniedError } from "../../src/pipeline/define/permissions.ts";
import { Project } from "./project.ts";
import { Session } from "./session.ts";
import { waitUntil } from "../wait_until.ts";

/** A pipeline with one isolated step that does `body`. */
function sealed(body: string, options: string, top = ""): Record<string, string> {
  return {
    "pipelines/sealed.ts": `
import { pipeline, savedFile } from "@pipeline";
import { z } from "zod";
${top}
export default pipeline("sealed", {
  description: "runs a step alone",
  params: z.object({ path: z.string().default("data/a.txt"), twice: z.boolean().default(false) }),
}, ({ step, each, file, params }) => {
  const text = file("text", "data/text.txt");
  const before = step("before", async () => {
    await Deno.writeTextFile("made.txt", "made");
    return { numbers: new Float64Array([1, NaN, 3]), made: savedFile("made.txt"), big: new Uint8Array(2000) };
  });
  const out = step("sealed", { text, before }, async ({ text, before }, context) => {
    ${body}
  }, ${options});
  step("after", { out }, ({ out }, { log }) => log("after " + JSON.stringify(out)));
  void savedFile;
});
`,
    "data/text.txt": "text",
    "data/a.txt": "a",
    "data/b.txt": "b",
  };
}

Deno.test("isolation: inputs, output, lines, numbers and progress cross both ways", async () => {
  await using project = await Project.create(sealed(
    `
    context.log("from inside");
    context.metric("size", before.big.length);
    console.log("printed");
    await Deno.mkdir("out", { recursive: true });
    await Deno.writeTextFile("out/b.txt", await Deno.readTextFile(params.path));
    const own = await Deno.readTextFile(text) + await Deno.readTextFile(before.made.path);
    return { own, numbers: before.numbers, when: context.run.startedAt.getFullYear(), file: savedFile("out/b.txt") };`,
    `{ permissions: { read: [params.path], write: ["out"] } }`,
  ));
  const { code, stdout, stderr } = await project.run("sealed");
  assertEquals(code, 0, stderr);
  assert(stdout.startsWith("from inside\nprinted\nafter {"), stdout);
  assertStringIncludes(stdout, `"own":"textmade","numbers":{"0":1,"1":null,"2":3},"when":20`);

  // What it declares to read counts as its input, the declaration as its code.
  assertEquals((await project.plan("sealed")).sealed, "CACHED");
  await project.write("data/b.txt", "changed");
  assertEquals((await project.plan("sealed")).sealed, "CACHED");
  await project.write("data/a.txt", "changed");
  assertEquals((await project.plan("sealed")).sealed, "RUN INPUT read data/a.txt changed");
  assertEquals((await project.run("sealed", "--quiet")).code, 0);
  assertEquals((await project.plan("sealed")).sealed, "CACHED");
  await Deno.remove(project.path("out"), { recursive: true });
  assertEquals((await project.run("sealed", "--quiet")).code, 0);
  assertEquals(await Deno.readTextFile(project.path("out/b.txt")), "changed"); // put back
  await project.edit("pipelines/sealed.ts", `write: ["out"]`, `write: ["out", "more"]`);
  assertEquals((await project.plan("sealed")).sealed, "RUN CODE pipelines/sealed.ts changed");
});

Deno.test("isolation: what is not declared fails by name, even where the step wraps the error", async () => {
  await using project = await Project.create(
    sealed(
      `const read = Deno.readTextFile(params.twice ? Deno.realPathSync("data/a.txt") : "data/b.txt");
       return await read.catch((cause) => { throw new Error("wrapped", { cause }); });`,
      `{ permissions: { read: ["data/c.txt"] } }`,
    ),
  );
  const { code, stderr } = await project.run("sealed");
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "error: Cannot read data/b.txt in step sealed: it is not declared\n" +
      `next: add "data/b.txt" to the step's permissions.read, or give it as an input with file(…)\n`,
  );
  assert(!/^ +at /m.test(stderr), stderr);
  const real = await project.run("sealed", "--param", "twice=true");
  assertStringIncludes(real.stderr, "Cannot read data/a.txt in step sealed: it is not declared\n");
});

Deno.test("isolation: each kind of permission is told in words", async () => {
  const body = `
    const refused = [];
    for (const attempt of [
      () => Deno.writeTextFile("data/a.txt", ""),
      () => fetch("http://localhost:8099/"),
      () => Deno.env.get("HOME"),
      () => Deno.env.toObject(),
      () => Deno.hostname(),
      () => new Deno.Command("ls").output(),
      () => Deno.dlopen("native.so", {}),
    ]) {
      try {
        await attempt();
      } catch (error) {
        refused.push(error.message);
      }
    }
    return refused;`;
  await using project = await Project.create(
    sealed(body, `{ permissions: { read: ["data/a.txt"], net: ["example.com"] } }`),
  );
  const { stdout, stderr } = await project.run("sealed", "--quiet");
  assertEquals(stderr, "");
  const messages = JSON.parse(stdout.slice("after ".length)) as string[];
  const told = messages.map((message) => {
    const error = deniedError("load", message);
    return [error?.message, error?.next];
  });
  const inStep = " in step load: it is not declared";
  assertEquals(told, [
    [`Cannot write data/a.txt${inStep}`, `add "data/a.txt" to the step's permissions.write`],
    [`Cannot reach localhost:8099${inStep}`, `add "localhost:8099" to the step's permissions.net`],
    [
      `Cannot read the environment variable HOME${inStep}`,
      `add "HOME" to the step's permissions.env`,
    ],
    [`Cannot read all environment variables${inStep}`, `set the step's permissions.env to true`],
    [`Cannot ask the system for hostname${inStep}`, `add "hostname" to the step's permissions.sys`],
    [`Cannot run ls${inStep}`, `add "ls" to the step's permissions.run`],
    [`Cannot load the library native.so${inStep}`, `add "native.so" to the step's permissions.ffi`],
  ]);
});

Deno.test("isolation: what a module does when it is loaded must be declared too", async () => {
  const top = `const home = Deno.env.get("HOME") ?? "";`;
  await using project = await Project.create(
    sealed(`return home.length > 0;`, `{ permissions: {} }`, top),
  );
  const { code, stderr } = await project.run("sealed");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot read the environment variable HOME in step sealed");
  await project.edit("pipelines/sealed.ts", "permissions: {}", `permissions: { env: ["HOME"] }`);
  assertStringIncludes((await project.run("sealed", "--quiet")).stdout, "after true");
});

Deno.test("isolation: errors keep their class; an output that cannot cross is named", async () => {
  const files = sealed(
    `if (!params.twice) throw new TypeError("x is not a function");
     return { made: () => 1 };`,
    `{ permissions: {} }`,
  );
  await using project = await Project.create(files);
  const bug = await project.run("sealed", "--trace");
  assertStringIncludes(bug.stderr, "TypeError: x is not a function\n    at ");
  const output = await project.run("sealed", "--param", "twice=true");
  assertStringIncludes(
    output.stderr,
    "Cannot take over the output of step sealed: its value at .made is a function\nnext: return",
  );
});

Deno.test("isolation: a step that ignores its time limit is ended", async () => {
  await using project = await Project.create(
    sealed(`for (;;) ;`, `{ permissions: {}, timeout: 1 }`),
  );
  const { code, stderr } = await project.run("sealed");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot finish step sealed within 1 s");
});

Deno.test("isolation: Ctrl-C lets a step clean up", async () => {
  const body = `
    context.log(\`pid \${Deno.pid} waits\`);
    await new Promise((resolve) => {
      const alive = setInterval(() => {}, 1000);
      context.signal.addEventListener("abort", () => { clearInterval(alive); resolve(); });
    });
    context.log("cleaned up");`;
  await using project = await Project.create(sealed(body, `{ permissions: {} }`));
  await using interrupted = new Session(project.command("sealed"));
  await interrupted.until(" waits\n");
  assertEquals(await interrupted.end("SIGINT"), 130);
  assertStringIncludes(interrupted.text, "cleaned up\n");
});

Deno.test("isolation: where its run is killed a step ends too, whatever it does", async () => {
  const body = `
    context.log(\`pid \${Deno.pid} waits\`);
    const isThere = () => Deno.stat("told").then(() => true, () => false);
    while (!await isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
    Deno.writeTextFileSync("begun", "");
    for (;;) ;`;
  const permissions = `{ permissions: { read: ["told"], write: ["begun"] } }`;
  await using project = await Project.create(sealed(body, permissions));
  await using killed = new Session(project.command("sealed"));
  const pid = Number(/pid (\d+) waits/.exec(await killed.until(" waits\n"))?.[1]);
  const alive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await project.write("told", "");
  const isThere = () => Deno.stat(project.path("begun")).then(() => true, () => false);
  await waitUntil(isThere, "the step has begun to loop");
  assert(alive());
  await killed.end("SIGKILL");
  await waitUntil(() => !alive(), "the step's process has ended");
});

Deno.test("isolation: frames cross where native libraries are declared", async () => {
  const libraries = fromFileUrl(new URL("../../node_modules", import.meta.url));
  await using project = await Project.create({
    "pipelines/frames.ts": `
import { pipeline } from "@pipeline";
import pl from "nodejs-polars";
import { z } from "zod";
export default pipeline("frames", { description: "doubles", params: z.object({}) }, ({ step }) => {
  const frame = step("make", () => pl.DataFrame({ a: [1, 2] }));
  const doubled = step("double", { frame }, ({ frame }) => frame.select(pl.col("a").mul(2)), {
    permissions: { ffi: [${JSON.stringify(libraries)}], sys: true },
  });
  step("show", { doubled }, ({ doubled }, { log }) => log(JSON.stringify(doubled.toRecords())));
});
`,
  });
  const { stdout, stderr } = await project.run("frames", "--quiet");
  assertEquals([stdout, stderr], ['[{"a":2},{"a":4}]\n', ""]);
});

Deno.test("isolation: each item of a fan-out is alone", async () => {
  await using project = await Project.create({
    "pipelines/many.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("many", { description: "reads", params: z.object({}) }, ({ step, each }) => {
  const texts = each("read", ["a", "b"], {}, (name) => Deno.readTextFile(\`data/\${name}.txt\`), {
    permissions: { read: ["data"] },
    output: z.string().max(3),
  });
  step("all", { texts }, ({ texts }, { log }) => log(texts.join(" ")));
});
`,
    "data/a.txt": "one",
    "data/b.txt": "two",
  });
  assertEquals((await project.run("many", "--quiet")).stdout, "one two\n");
  await project.write("data/b.txt", "three");
  const { stderr } = await project.run("many", "--quiet");
  assertStringIncludes(stderr, "Cannot accept the output of step read[b]");
});

const declare = (permissions: StepPermissions, resource = false) =>
  pipeline(
    "wrong",
    { description: "is refused", params: z.object({}) },
    ({ step, resource: shared }) => {
      const pool = shared("pool", { open: () => 1 });
      step("sealed", resource ? { pool } : {}, () => 1, { permissions });
    },
  );

Deno.test("isolation: what cannot be is refused when the pipeline is loaded", () => {
  assertThrows(
    () => declare({}, true),
    UsageError,
    'step "sealed" declares permissions and takes the resource "pool"',
  );
  assertThrows(() => declare({ read: ["a,b"] }), UsageError, 'declares the permission "a,b"');
  assertThrows(() => declare({ net: [""] }), UsageError, 'declares the permission ""');
});

Deno.test("isolation: without the pipeline's file a step is not run unsealed", async () => {
  const { status, failure } = await runPipeline(declare({}));
  assertEquals(status, "failed");
  assertStringIncludes(String(failure?.error), "Cannot isolate step sealed");
});
