/** The life of a run: how steps end, fail, are tried again, and what reaches their process. */

import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { z } from "zod";
import { alarm, UsageError, wait } from "../../src/base/mod.ts";
import { type Builder, pipeline, type RunEvent, runPipeline } from "../../src/pipeline/mod.ts";
import { retryDelay } from "../../src/pipeline/run/attempt.ts";
import { Project } from "./project.ts";
import { waitUntil } from "../wait_until.ts";
import { Session } from "./session.ts";

const file = (body: string, params = "") => `
import { pipeline, savedFile } from "@pipeline";
import { z } from "zod";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export default pipeline("life", { description: "", params: z.object({ ${params} }) },
  ({ step, each, file, params }) => { ${body} });
`;

async function life(body: string, params?: string): Promise<Project> {
  return await Project.create({ "pipelines/life.ts": file(body, params) });
}

async function run(build: (builder: Builder<unknown>) => void, keepGoing = false) {
  const events: RunEvent[] = [];
  const declared = pipeline("p", { description: "", cache: false }, build);
  const onEvent = (event: RunEvent) => void events.push(event);
  return { result: await runPipeline(declared, { onEvent, keepGoing, jobs: 2, grace: 1 }), events };
}

Deno.test("life: a step that ends the process fails the run by its name, however it does it", async () => {
  const ways = [
    "Deno.exit(0)",
    "process.exit(0)",
    "setTimeout(() => Deno.exit(0), 20); await pause(5000)",
    "try { Deno.exit(0); } catch { /* goes on */ } await pause(5000)",
  ];
  await using project = await life(
    `const a = step("early", () => 1);
    const b = step("ends", { a }, async () => { ${
      ways.map((way, i) => `if (params.way === ${i}) { ${way} }`).join("\n")
    } return 2; });
    step("late", { b }, (_, { log }) => log("late"));`,
    "way: z.number().default(0)",
  );
  for (const way of ways.keys()) {
    const { code, stdout, stderr } = await project.run("life", "--param", `way=${way}`);
    assertEquals([code, stdout], [1, ""], ways[way]);
    assertMatch(stderr, /^ends: FAILED/m, ways[way]);
    assertStringIncludes(stderr, "Cannot let a step end the process: it called for an exit with 0");
    assertMatch(stderr, /^run life_\w+ failed/m);
  }
});

Deno.test("life: an error that a step leaves behind fails the run by its name", async () => {
  await using project = await life(
    `step("leaves", async () => { void Promise.reject(new Error("nobody waits")); await pause(300); });`,
  );
  const { code, stderr } = await project.run("life");
  assertEquals(code, 1);
  assertMatch(stderr, /^leaves: FAILED/m);
  assertStringIncludes(stderr, "error: nobody waits");
});

Deno.test("life: the loss of the terminal cleans up as Ctrl-C does", async () => {
  await using project = await life(`
    step("waits", ({ log, signal }) => new Promise<void>((resolve) => {
      const alive = setInterval(() => {}, 1000);
      log("waiting");
      signal.addEventListener("abort", () => { clearInterval(alive); log("cleaned up"); resolve(); });
    }));`);
  for (const signal of ["SIGHUP", "SIGTERM"] as const) {
    await using session = new Session(project.command("life", "--force"));
    await session.until("waiting\n");
    assertEquals(await session.end(signal), 130);
    assertStringIncludes(session.text, "cleaned up\n");
  }
  assertMatch((await project.run("runs")).stdout, / cancelled /);
});

Deno.test({
  name: "life: the end of npx ends the run that it has started through other programs",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using project = await life(`
    step("waits", ({ log, signal }) => new Promise<void>((resolve) => {
      const alive = setInterval(() => {}, 1000);
      log("waiting");
      signal.addEventListener("abort", () => { clearInterval(alive); log("cleaned up"); resolve(); });
    }));`);
    // npx → a shell → the run, of which npx ends without a word to the others.
    const command = project.commandBehind(
      `exec -a "npm exec deno task pipeline life" bash -c '"$0" "$@" & wait' "$@"`,
      { npm_command: "exec" },
      "life",
    );
    await using session = new Session(command);
    await session.until("waiting\n");
    await waitUntil(async () => {
      const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args="] }).output();
      return new TextDecoder().decode(stdout).includes("parents_process.ts");
    }, "somebody watches the parents");
    await new Promise((resolve) => setTimeout(resolve, 1000)); // until they are known
    // Its output ends when the run ends, which nobody else tells to.
    const enough = new AbortController();
    const limit = wait(60, enough.signal).catch(() => {});
    await Promise.race([session.end("SIGKILL"), limit]);
    enough.abort();
    assertStringIncludes(session.text, "cleaned up\n");
  },
});

Deno.test("life: a step that changes the working directory moves neither cache nor files", async () => {
  await using project = await life(`
    const a = step("moves", async () => { await Deno.mkdir("sub", { recursive: true }); Deno.chdir("sub"); return 1; });
    const b = step("saves", { a }, async () => { await Deno.writeTextFile("b.txt", "b"); return savedFile("b.txt"); });
    const text = file("text", "in.txt");
    step("reads", { b, text }, async ({ text }, { log }) => log(await Deno.readTextFile(text)));`);
  await project.write("in.txt", "given");
  const { code, stdout, stderr } = await project.run("life");
  assertEquals([code, stdout], [0, "given\n"], stderr);
  assertStringIncludes(stderr, "The step changed the working directory");
  assertEquals(Array.from(Deno.readDirSync(project.path("sub"))), []);
  assertEquals(await Deno.readTextFile(project.path("b.txt")), "b");
  assertEquals(new Set(Object.values(await project.plan("life"))), new Set(["CACHED"]));
});

Deno.test("life: exit codes that no process can have are refused", async () => {
  for (const exitCode of [256, -1, 1.5, NaN, "3"]) {
    const declared = pipeline(
      "p",
      { description: "", cache: false },
      ({ step }) => step("judge", () => ({ exitCode: exitCode as number })),
    );
    const { status, failure, exitCode: code } = await runPipeline(declared);
    assertEquals([status, code, failure?.unit.step], ["failed", 1, "judge"]);
    assertMatch(
      (failure!.error as Error).message,
      /Cannot end with the exit code (256|-1|1.5|NaN|"3")/,
    );
  }
  const fine = pipeline(
    "p",
    { description: "", cache: false },
    ({ step }) => step("judge", () => ({ exitCode: 255 })),
  );
  assertEquals((await runPipeline(fine)).exitCode, 255);
});

Deno.test("life: causes and the errors of several are shown, across a thread too", async () => {
  await using project = await life(
    `const fail = () => {
      const several = new AggregateError([new TypeError("first"), new Error("second")], "two at once");
      throw new Error("outer", { cause: several });
    };
    if (params.aside) step("fails", {}, fail, { timeout: 60 });
    else step("fails", fail);`,
    "aside: z.boolean().default(false)",
  );
  for (const aside of [false, true]) {
    const { code, stderr } = await project.run("life", "--param", `aside=${aside}`);
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "error: outer\n  caused by: AggregateError: two at once\n" +
        "    one of them: TypeError: first\n    one of them: second\n",
    );
  }
  const { stdout } = await project.run("runs", "show");
  assertMatch(stdout, /LOG fails\n {2}error: outer\n(?:.*\n)*? +caused by: AggregateError/);
});

Deno.test("life: items at work come to their end and are kept when one fails", async () => {
  await using project = await life(`
    const items = each("item", [1, 2, 3, 4], async (item, { signal }) => {
      if (item === 2 && await Deno.stat("mended").catch(() => undefined) === undefined) { await pause(150); throw new Error("broken"); }
      await pause(400);
      signal.throwIfAborted();
      return item;
    });
    step("sum", { items }, ({ items }, { log }) => log(String(items.length)));`);
  const failed = await project.run("life", "--jobs", "2");
  assertEquals(failed.code, 1);
  assertMatch(failed.stderr, /^item\[1\]: done/m);
  assert(!/item\[[34]\]/.test(failed.stderr), "something new was started");
  await project.write("mended", "");
  const { code, stdout, stderr } = await project.run("life", "--jobs", "2");
  assertEquals([code, stdout], [0, "4\n"]);
  assertMatch(stderr, /^item\[1\]: CACHED/m);
});

Deno.test("life: --keep-going does all that does not depend on a failure, and fails in the end", async () => {
  await using project = await life(`
    const bad = step("bad", (): number => { throw new Error("broken"); });
    step("behind", { bad }, (_, { log }) => log("behind"));
    const items = each("item", [1, 2, 3, 4], (item, { log }) => {
      if (item === 1) throw new Error("item 1 is broken");
      log("item " + item);
      return item;
    });
    step("sum", { items }, (_, { log }) => log("sum"));
    const good = step("good", async () => { await pause(200); return 1; });
    step("further", { good }, (_, { log }) => log("further"));`);
  const { code, stdout, stderr } = await project.run("life", "--keep-going", "--jobs", "1");
  assertEquals(code, 1);
  for (const line of ["item 2", "item 3", "item 4", "further"]) {
    assertStringIncludes(stdout, `${line}\n`);
  }
  assert(!stdout.includes("behind") && !stdout.includes("sum"), stdout);
  assertEquals(stderr.match(/^error: .*$/gm), ["error: broken", "error: item 1 is broken"]);
});

Deno.test("life: a retry waits longer each time, by its name's own jitter, and hears an interrupt", async () => {
  const delays = [1, 2, 3, 4].map((attempt) =>
    retryDelay({ seconds: 2, longest: 10 }, { step: "a" }, attempt)
  );
  for (const [i, base] of [2, 4, 8, 10].entries()) {
    assert(Math.abs(delays[i] - base) <= base * 0.1, `${delays[i]} for ${base}`);
  }
  assertEquals(delays[0], retryDelay({ seconds: 2, longest: 10 }, { step: "a" }, 1));
  const others = ["b", "c", "d"].map((item) => retryDelay(2, { step: "a", item }, 1));
  assertEquals(new Set([delays[0], ...others]).size, 4);
  assertEquals(retryDelay({ seconds: 3, factor: 1, jitter: 0 }, { step: "a" }, 9), 3);
  assertEquals(retryDelay(undefined, { step: "a" }, 1), 0);

  const interrupt = new AbortController();
  const told: RunEvent[] = [];
  const declared = pipeline("p", { description: "", cache: false }, ({ step }) => {
    step("flaky", {}, () => {
      throw new Error("again");
    }, { retries: 5, retryDelay: 3600 });
  });
  const { status } = await runPipeline(declared, {
    signal: interrupt.signal,
    onEvent: (event) => {
      told.push(event);
      if (event.type === "step_retried") interrupt.abort(new Error("enough"));
    },
  });
  assertEquals(status, "cancelled");
  const retried = told.find((event) => event.type === "step_retried");
  assert(retried?.delay! > 3000 && retried?.delay! < 4000);
});

Deno.test("life: while a step waits for its retry another has its cores", async () => {
  let tries = 0;
  const { result, events } = await run(({ step }) => {
    const options = { retries: 1, retryDelay: { seconds: 0.2 }, resources: { cores: 2 } };
    step("flaky", {}, () => {
      if (++tries === 1) throw new Error("again");
    }, options);
    step("other", {}, () => 1, { resources: { cores: 2 } });
  });
  assertEquals(result.status, "succeeded");
  const order = events.flatMap((event) =>
    event.type === "step_started" ? [`${event.step} ${event.attempt}`] : []
  );
  assertEquals(order, ["flaky 1", "other 1", "flaky 2"]);
});

Deno.test("life: a time limit of any length; one without sense is refused", async () => {
  const { result } = await run(({ step }) => {
    step("patient", {}, () => new Promise((resolve) => setTimeout(resolve, 30)), {
      timeout: 400 * 86400,
    });
  });
  assertEquals(result.status, "succeeded");
  let rung = 0;
  {
    using _long = alarm(30 * 86400, () => rung++);
    using _short = alarm(0.01, () => rung++);
    await wait(0.05, new AbortController().signal);
  }
  assertEquals(rung, 1);
  for (const options of [{ timeout: 0 }, { timeout: NaN }, { retries: -1 }, { retryDelay: -2 }]) {
    assertThrows(
      () =>
        pipeline("p", { description: "", params: z.object({}) }, ({ step }) => {
          step("a", {}, () => 1, options);
        }),
      UsageError,
      'step "a" has',
    );
  }
});
