import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { runCli } from "../../src/pipeline_cli/cli.ts";
import { runEventSchema } from "../../src/run_events/mod.ts";
import { Project } from "../pipeline/project.ts";
import { readUntil } from "../wait_until.ts";

const root = fromFileUrl(new URL("fixtures/", import.meta.url));
const main = fromFileUrl(new URL("../../src/pipeline_cli/main.ts", import.meta.url));

function command(...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", main, ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await command(...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("cli: results go to stdout, one line per event to stderr", async () => {
  const { code, stdout, stderr } = await cli("greet");
  assertEquals(stdout, "Hello Ada\nHello Alan\n");
  assertEquals(code, 0);
  assertMatch(stderr, /^run greet_\d{8}_\d{6}_\w{4} started\n/);
  assertMatch(stderr, /^greet\[Ada\]: done \(/m);
  assertMatch(stderr, /^print: done \(/m);
});

Deno.test("cli: parameters are read as their types", async () => {
  const { stdout, stderr } = await cli(
    "greet",
    "--quiet",
    ...["people=Grace,Edsger", "times=2", "loud=true", "tone=cool"].flatMap((p) => ["--param", p]),
  );
  assertEquals(stdout, "Yo Grace!\nYo Edsger!\n".repeat(2));
  assertEquals(stderr, "");
});

Deno.test("cli: a wrong parameter ends with 2 and lists the valid ones", async () => {
  const args = ["people=Ada", "time=2", "loud=maybe", "tone=hot"].flatMap((p) => ["--param", p]);
  const { code, stdout, stderr } = await cli("greet", ...args);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'there is no parameter "time", did you mean "times"?');
  assertStringIncludes(stderr, 'parameter "loud" is maybe, wanted true | false');
  assertStringIncludes(stderr, 'parameter "tone" is hot, wanted warm | cool');
  assertMatch(stderr, /the parameters are [^;]*times[^;]*; --help tells about each/);
  const help = await cli("greet", "--help");
  assertMatch(help.stdout, /^ {2}times +whole number ≥ 1 +default 1 +How often$/m);
  assertMatch(help.stdout, /^ {2}people +list of text +default Ada,Alan +Whom to greet$/m);
});

Deno.test("cli: a parameter without default must be given", async () => {
  const { code, stderr } = await cli("verdict");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'parameter "drift" must be given (number)');
});

Deno.test("cli: a misspelt pipeline or option is met with the right one", async () => {
  const misspelt = await cli("great");
  assertEquals(misspelt.code, 2);
  assertStringIncludes(misspelt.stderr, 'did you mean "greet"?');
  const option = await cli("greet", "--job", "2");
  assertEquals(option.code, 2);
  assertStringIncludes(option.stderr, "did you mean --jobs?");
  const page = await cli("greet", "--html");
  assertEquals(page.code, 2);
  assertStringIncludes(page.stderr, "deno task pipeline show --html");
});

Deno.test("cli: a file without a pipeline says what it should export", async () => {
  const { code, stderr } = await cli("not_a_pipeline");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'export default pipeline("not_a_pipeline", …)');
});

Deno.test("cli: --list and --help show pipelines, parameters and options", async () => {
  const list = await cli("--list");
  assertEquals(list.code, 0);
  assertMatch(list.stdout, /^greet +greets people\n +people=Ada,Alan times=1 /m);
  assertMatch(list.stdout, /^verdict .*\n +drift\n/m);
  const help = await cli("--help");
  assertEquals(help.code, 0);
  assert(help.stdout.split("\n").length < 40, "help does not fit on one screen");
  const own = await cli("greet", "--help");
  assertMatch(own.stdout, /^ {2}tone +warm \| cool +default warm +How it sounds$/m);
});

Deno.test("cli: --json prints events of the documented schema only", async () => {
  const { code, stdout, stderr } = await cli("greet", "--json");
  assertEquals([code, stderr], [0, ""]);
  const events = stdout.trimEnd().split("\n").map((line) => {
    const checked = runEventSchema.safeParse(JSON.parse(line));
    if (!checked.success) throw new Error(`not an event: ${line}`);
    return checked.data;
  });
  assertEquals(events[0].type, "run_started");
  assertEquals(events.at(-1)?.type, "run_finished");
  const types = new Set(events.map((event) => event.type));
  assert(types.has("metric") && types.has("step_progress") && types.has("log"), [...types].join());
});

Deno.test("cli: a failed step ends with 1, shows its error, closes resources, no stack", async () => {
  const { code, stdout, stderr } = await cli("failing");
  assertEquals(code, 1);
  assertEquals(stdout, "session failed: Cannot read rows.csv: it is empty\n");
  assertStringIncludes(
    stderr,
    "error: Cannot read rows.csv: it is empty\nnext: give a file with rows\n",
  );
  assertMatch(stderr, /^patient: stopped/m);
  assert(!/^ +at /m.test(stderr) && !stderr.includes("never"), stderr);
});

Deno.test("cli: --trace shows the stack of a bug", async () => {
  const { code, stderr } = await cli("failing", "--param", "how=bug", "--trace");
  assertEquals(code, 1);
  assertMatch(stderr, /TypeError: x is not a function\n +at .*failing\.ts/);
});

Deno.test("cli: a pipeline's outcome decides the exit code", async () => {
  assertEquals((await cli("verdict", "--param", "drift=0.7")).code, 3);
  assertEquals((await cli("verdict", "--param", "drift=0.2")).code, 0);
});

async function interrupted(args: string[], presses: number): Promise<[number, string]> {
  const child = command("waiting", "--quiet", ...args).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = await readUntil(reader, "waiting\n");
  child.kill("SIGINT");
  for (let press = 1; press < presses; press++) {
    await new Promise((resolve) => setTimeout(resolve, 700)); // beyond one press arriving twice
    child.kill("SIGINT");
  }
  for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
  await child.stderr.cancel();
  return [(await child.status).code, text];
}

Deno.test("cli: Ctrl-C lets steps clean up, closes resources, ends with 130", async () => {
  const [code, text] = await interrupted([], 1);
  assertEquals(code, 130);
  assertEquals(text, "waiting\ncleaned up\nsession cancelled\n");
});

Deno.test("cli: a second Ctrl-C does not wait for a step that ignores the first", async () => {
  const [code, text] = await interrupted(["--param", "stubborn=true"], 2);
  assertEquals(code, 130);
  assertEquals(text, "waiting\n");
});

Deno.test("cli: a run whose readers have gone goes on to its end", async () => {
  await using project = await Project.create({
    "pipelines/chatty.ts": `
import { pipeline } from "@pipeline";
export default pipeline("chatty", { description: "tells a lot" }, ({ step }) => {
  const told = step("tell", async ({ log }) => {
    log("first");
    for (let i = 0; i < 9000 && !await Deno.stat("go").catch(() => undefined); i++) await new Promise((r) => setTimeout(r, 10));
    log("second");
  });
  step("end", { told }, (_, { log }) => Deno.writeTextFile("done", "x").then(() => log("third")));
});
`,
  });
  const child = project.command("chatty").spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  await child.stderr.cancel();
  await project.write("go", "");
  assertEquals((await child.status).code, 0);
  assertEquals(await Deno.readTextFile(project.path("done")), "x");
  assertMatch((await project.run("runs")).stdout, / succeeded /);
  const { code, stderr } = await project.run("chatty", "--param", "loud=true");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'there is no parameter "loud"\nnext: leave them out: it has none');
});

Deno.test("cli: an interrupt before the first step, as while files are read, is no failure", async () => {
  await using project = await Project.create({
    "data.csv": "a\n1\n",
    "pipelines/reads.ts": `import { pipeline } from "@pipeline";
export default pipeline("reads", { description: "reads" }, ({ step, file }) => {
  const data = file("data", "data.csv");
  step("told", { data }, ({ data }) => data);
});`,
  });
  const told = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof told) => ({
    write: (text: string) => void (told[name] += text),
    size: () => undefined,
  });
  const code = await runCli(["reads", "--json"], {
    ...{ folder: project.path("pipelines"), root: project.path(), home: project.path() },
    ...{ stdout: sink("stdout"), stderr: sink("stderr") },
    signal: AbortSignal.abort(new DOMException("Interrupted", "AbortError")),
  });
  assertEquals([code, told.stderr], [130, "error: Interrupted\n"]);
  const { type, exitCode } = JSON.parse(told.stdout);
  assertEquals([type, exitCode], ["error", 130]);
});
