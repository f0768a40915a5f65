/** Sweeps: every combination of parameters, sharing what is kept. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { runEventSchema } from "../../src/run_events/mod.ts";
import { pipeline, runPipeline } from "../../src/pipeline/mod.ts";
import { runSweep } from "../../src/sweeps/mod.ts";
import { Project } from "./project.ts";
import { readUntil } from "../wait_until.ts";

const files = {
  "pipelines/fit.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";

export default pipeline("fit", {
  description: "fits something",
  params: z.object({
    rounds: z.number().int().min(1).default(10),
    seed: z.number().int().default(1),
    kinds: z.array(z.enum(["a", "b"])).default(["a"]),
    slow: z.boolean().default(false),
  }),
}, ({ step, each, params }) => {
  const data = step("load", ({ log }) => { log("loading"); return [1, 2, 3]; });
  const parity = step("parity", { data }, ({ data }) => (data.length + params.seed) % 2);
  const parts = each("part", params.kinds, { data, parity }, (kind, { data, parity }, { metric }) => {
    metric("size", kind.length);
    return data.length + parity;
  });
  const score = step("score", { parts }, async ({ parts }, { metric, run, log, signal }) => {
    if (params.rounds === 13) throw new Error("13 rounds are unlucky");
    if (params.slow) {
      log("waiting");
      await new Promise<void>((_, reject) => {
        const timer = setTimeout(() => {}, 60_000);
        signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
      });
    }
    const score = 1 - 1 / (params.rounds * parts.length + params.seed);
    metric("score", score);
    log(JSON.stringify(run.sweep?.params ?? null) + " " + run.sweep?.index + "/" + run.sweep?.count);
    return score;
  });
  step("end", { score }, ({ score }, { metric }) => metric("loss", 1 - score));
});
`,
};

const grid = ["--sweep", "rounds=10,20", "--sweep", "seed=1,3"];

Deno.test("sweep: every combination once, shared steps once, a table at the end", async () => {
  await using project = await Project.create(files);
  const { code, stdout, stderr } = await project.run("fit", ...grid);
  assertEquals(code, 0);
  assertEquals(stderr.match(/^load: done/gm)?.length, 1);
  assertEquals(stderr.match(/^load: CACHED/gm)?.length, 3);
  assertEquals(stderr.match(/^score: done/gm)?.length, 4);
  assertMatch(stderr, /^run fit_\w+ started: rounds=10 seed=3 \(2 of 4\)$/m);
  assertStringIncludes(stdout, '{"rounds":20,"seed":1} 2/4\n');
  const table = stdout.slice(stdout.indexOf("sweep fit_sweep_")).trimEnd().split("\n");
  assertEquals(table[1].split(/ +/), ["rounds", "seed", "score", "loss", "TIME", "STATUS", "RUN"]);
  assertEquals(table.slice(2).map((line) => line.split(/ +/).slice(0, 4)), [
    ["10", "1", "0.9091", "0.0909"],
    ["10", "3", "0.9231", "0.0769"],
    ["20", "1", "0.9524", "0.0476"],
    ["20", "3", "0.9565", "0.0435"],
  ]);
  const runs = (await project.run("runs")).stdout.trimEnd().split("\n");
  assertEquals(runs.length, 5);
  assertMatch(runs[1], / rounds=20 seed=3 /);
  assertMatch(
    (await project.run("show")).stdout,
    /^sweep +fit_sweep_\w+: rounds=20 seed=3 \(4 of 4\)$/m,
  );
});

Deno.test("sweep: the best comes first and is marked, by the highest or the lowest", async () => {
  await using project = await Project.create(files);
  const best = async (sort: string) => {
    const { stdout, stderr } = await project.run("fit", "--quiet", ...grid, "--sort", sort);
    return [stdout.split("\n").filter((line) => /^\* /.test(line)).join(), stderr];
  };
  assertMatch((await best("score"))[0], /^\* +20 +3 +0.9565 /);
  assertMatch((await best("score:asc"))[0], /^\* +10 +1 +0.9091 /);
  const [none, warning] = await best("scores");
  assertEquals(none, "");
  assertMatch(warning, /^warning: .* metric scores was not recorded; there are .*score, loss\n$/);
});

Deno.test("sweep: a combination that fails does not stop the others", async () => {
  await using project = await Project.create(files);
  const { code, stdout, stderr } = await project.run("fit", "--sweep", "rounds=10,13,20");
  assertEquals(code, 1);
  assertMatch(stdout, /^10 .* succeeded .*\n13 +- +- .* failed .*\n20 .* succeeded /m);
  assertStringIncludes(stderr, "error: 13 rounds are unlucky");
  assertStringIncludes(stderr, "go on with: deno task pipeline fit --param 'rounds=13'");
});

Deno.test("sweep: wrong values are refused before anything runs", async () => {
  await using project = await Project.create(files);
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.run("fit", ...args);
    assertEquals([code, stdout], [2, ""]);
    return stderr;
  };
  const value = await refused("--sweep", "seed=1", "--sweep", "rounds=5,x");
  assertStringIncludes(value, 'parameter "rounds" is x, wanted whole number ≥ 1');
  assertStringIncludes(value, "--help tells about each");
  assertStringIncludes(await refused("--sweep", "round=5"), 'did you mean "rounds"?');
  assertStringIncludes(await refused("--sweep", "kinds=a;a,c"), "list of a | b");
  assertStringIncludes(await refused("--sweep", "rounds"), "write it --sweep name=a,b");
  assertStringIncludes(await refused("--sweep", "rounds="), "it has no values");
  assertStringIncludes(await refused("--sweep", "rounds=5,5"), "the value 5 is given twice");
  assertStringIncludes(
    await refused("--sweep", "rounds=5", "--param", "rounds=6"),
    "it is also set to one value",
  );
  assertStringIncludes(await refused("--sweep", "rounds=5", "--sweep", "rounds=6"), "swept twice");
  assertStringIncludes(await refused("--sort", "score"), "--sort goes with --sweep");
  assertStringIncludes(await refused(...grid, "--graph"), "Cannot draw a sweep");
  assertEquals((await project.run("runs")).stdout, "There are no runs yet\n");
});

Deno.test("sweep: lists are separated by semicolons", async () => {
  await using project = await Project.create(files);
  const { stdout } = await project.run("fit", "--quiet", "--sweep", "kinds=a,b;b");
  assertStringIncludes(stdout, '{"kinds":["a","b"]} 0/2\n');
  assertMatch(stdout, /^a,b .*\nb +/m);
});

Deno.test("sweep: the plan says what each combination then does, sharing included", async () => {
  await using project = await Project.create(files);
  const { stdout } = await project.run("fit", ...grid, "--plan", "--json");
  const plans: { entries: { step: string; item?: string; verdict: string }[] }[] = JSON
    .parse(stdout);
  const verdicts = plans.map(({ entries }) => entries.map(({ verdict }) => verdict).join(" "));
  assertEquals(verdicts, [
    "RUN RUN RUN RUN RUN",
    "CACHED RUN MAYBE RUN MAYBE", // parity comes out the same, so part is not run again
    "CACHED CACHED CACHED RUN MAYBE",
    "CACHED CACHED CACHED RUN MAYBE",
  ]);
  const run = await project.run("fit", ...grid, "--json");
  const events = run.stdout.trimEnd().split("\n").map((line) => {
    const checked = runEventSchema.safeParse(JSON.parse(line));
    if (!checked.success) throw new Error(line);
    return checked.data;
  });
  let point = -1;
  for (const event of events) {
    if (event.type === "run_started") point = event.sweep!.index;
    if (event.type !== "step_finished" || event.artifact === undefined) continue;
    const { step, item, status } = event;
    const planned = plans[point].entries.find((entry) =>
      entry.step === step && entry.item === item
    );
    const told = `${step} in combination ${point} was planned ${planned?.verdict} but ${status}`;
    if (planned?.verdict !== "MAYBE") {
      assertEquals(status === "ran" ? "RUN" : "CACHED", planned?.verdict, told);
    }
  }
  const end = events.at(-1);
  if (end?.type !== "sweep_finished") throw new Error(`the last event is ${end?.type}`);
  assertEquals(end.points.length, 4);
  assertEquals(end.points[3].metrics["size[a]"], 1);
  const again = await project.run("fit", ...grid, "--plan");
  assertMatch(again.stdout, /^rounds=10 seed=1 \(1 of 4\)\nCACHED +load/);
  assert(!/RUN|MAYBE/.test(again.stdout), again.stdout);
});

Deno.test("sweep: Ctrl-C stops all, and the table says what was not run", async () => {
  await using project = await Project.create(files);
  const child = project.command("fit", "--quiet", "--param", "slow=true", ...grid).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = await readUntil(reader, "waiting\n");
  child.kill("SIGINT");
  for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
  await child.stderr.cancel();
  assertEquals((await child.status).code, 130);
  assertEquals(text.match(/ cancelled /g)?.length, 1);
  assertEquals(text.match(/ not run /g)?.length, 3);
});

Deno.test("sweep: what its runs share opens once, and closes last with how it ended", async () => {
  const told: string[] = [];
  const shared = pipeline("shared", {
    description: "shares something",
    params: z.object({ rounds: z.number().default(1), idle: z.boolean().default(false) }),
  }, ({ step, resource, params }) => {
    const place = resource("place", {
      sweep: {
        open: ({ run }) => {
          told.push(`opened by point ${run.sweep.index}`);
          return { id: run.sweep.id };
        },
        close: (_, { status, points }) => {
          told.push(`closed ${status}: ${points.map(({ status }) => status).join(", ")}`);
        },
      },
      open: ({ shared }) => shared?.id ?? "alone",
      close: (_, { status }) => void told.push(`run ${status}`),
    });
    if (params.idle) return;
    step("use", { place }, ({ place }) => {
      told.push(place === "alone" ? place : "in a sweep");
      if (params.rounds === 2) throw new Error("two rounds fail");
    });
  });
  await runPipeline(shared, {});
  assertEquals(told.splice(0), ["alone", "run succeeded"]);
  await runSweep(shared, { grid: { rounds: [1, 2, 3] } });
  assertEquals(told.splice(0), [
    "opened by point 0",
    ...["in a sweep", "run succeeded", "in a sweep", "run failed", "in a sweep", "run succeeded"],
    "closed failed: succeeded, failed, succeeded",
  ]);
  await runSweep(shared, { grid: { idle: [true] } });
  assertEquals(told.splice(0), []);
  const interrupt = new AbortController();
  const onResult = () => interrupt.abort();
  await runSweep(shared, { grid: { rounds: [1, 3] }, signal: interrupt.signal, onResult });
  assertEquals(told.at(-1), "closed cancelled: succeeded, not run");
});
