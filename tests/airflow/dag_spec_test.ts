/** Pipelines as DAGs: which steps become one task, and what Airflow is told of them. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { dagSpec, type Grouping } from "../../src/airflow/mod.ts";
import { runAirflowCli } from "../../src/airflow/cli.ts";
import { UsageError } from "../../src/base/mod.ts";
import {
  loadPipeline,
  type Pipeline,
  pipeline,
  type PipelineOptions,
  secret,
} from "../../src/pipeline/mod.ts";

/** read → clean → (left, right) → join → each item → sum, where sum reads clean too. */
function sums(options: Partial<PipelineOptions<unknown>> = {}): Pipeline {
  return pipeline("sums", { description: "adds", ...options }, ({ step, each }) => {
    const read = step("read", {}, () => [1, 2], { retries: 3, retryDelay: 7, timeout: 10 });
    const clean = step("clean", { read }, ({ read }) => read, { timeout: 20 });
    const left = step("left", { clean }, ({ clean }) => clean, { resources: { cores: 4 } });
    const right = step("right", { clean }, ({ clean }) => clean, { resources: { queue: "gpu" } });
    const joined = step("join", { left, right, clean }, ({ left, right }) => [left, right]);
    const items = each("item", [1, 2, 3], { joined }, (n) => n);
    step("sum", { items, clean }, ({ items }) => Object.values(items).length);
  }) as Pipeline;
}

const tasks = (group: Grouping) =>
  dagSpec(sums(), { group }).tasks.map(({ steps, upstream }) => [steps.join(" "), [...upstream]]);

Deno.test("DAGs: chains of steps are one task, what may run side by side and fan-outs are not", () => {
  assertEquals(tasks("chain"), [
    ["read clean", []],
    ["left", ["clean"]],
    ["right", ["clean"]],
    ["join", ["left", "right"]],
    ["item", ["join"]],
    ["sum", ["item"]],
  ]);
  assertEquals(tasks("none").map(([steps]) => steps), [
    ...["read", "clean", "left", "right", "join", "item", "sum"],
  ]);
  assertEquals(tasks("all"), [["read clean left right join item sum", []]]);
});

Deno.test("DAGs: a task comes after all that its steps need, whatever the grouping", () => {
  const { nodes } = sums().graph({});
  for (const group of ["none", "chain", "all"] as const) {
    const { tasks } = dagSpec(sums(), { group });
    const taskOf = new Map(tasks.flatMap(({ id, steps }) => steps.map((step) => [step, id])));
    const before = new Map<string, Set<string>>();
    for (const { id, upstream } of tasks) {
      before.set(id, new Set(upstream.flatMap((one) => [one, ...before.get(one)!])));
    }
    for (const { name, inputs } of nodes) {
      for (const source of Object.values(inputs)) {
        const [own, other] = [taskOf.get(name)!, taskOf.get(source)!];
        assert(own === other || before.get(own)!.has(other), `${name} after ${source}, ${group}`);
      }
    }
  }
});

Deno.test("DAGs: retries, limits, cores and queues are those of the steps", () => {
  const [chain, left, right, , item] = dagSpec(sums()).tasks;
  // Three more attempts of 10 seconds, 20 seconds, and time to start.
  assertEquals([chain.retries, chain.retry_delay, chain.timeout], [3, 7, 120 + 40 + 20]);
  assertEquals([left.cores, left.queue, left.retries, left.timeout], [4, undefined, 1, undefined]);
  assertEquals([right.cores, right.queue], [1, "gpu"]);
  assertEquals([item.each, chain.each], ["item", undefined]);
});

Deno.test("DAGs: schedule, alert and parameters; a secret is no parameter of a form", () => {
  const params = z.object({
    rows: z.int().min(1).default(10).describe("Rows"),
    kinds: z.array(z.enum(["a", "b"])).default(["a"]),
    key: secret(z.string().default("hidden-key")),
  });
  const spec = dagSpec(
    sums({
      params: params as never,
      schedule: {
        cron: "0 2 * * 0",
        timeZone: "Asia/Kolkata",
        onFailure: { webhook: "https://example.com/hook" },
      },
    }),
    { after: ["train"] },
  );
  assertEquals(spec.schedule, { cron: "0 2 * * 0", time_zone: "Asia/Kolkata" });
  assertEquals(spec.on_failure, { webhook: "https://example.com/hook" });
  assertEquals(spec.after, ["train"]);
  assertEquals(Object.keys(spec.params), ["rows", "kinds"]);
  const { default: given, type, minimum } = spec.params.rows as Record<string, unknown>;
  assertEquals([given, type, minimum], [10, "integer", 1]);
  assert(!JSON.stringify(spec).includes("hidden-key"));
});

Deno.test("DAGs: what Airflow cannot carry is refused with what to do", () => {
  assertThrows(() => dagSpec(sums({ schedule: "5 0 2 * * 0" })), UsageError, "no seconds");
  const params = z.object({ file: z.string() }) as never;
  assertThrows(() => dagSpec(sums({ params })), UsageError, "its parameter file has no default");
  const forgetful = sums({ cache: false });
  assertEquals(dagSpec(forgetful).tasks.length, 1);
  assertThrows(() => dagSpec(forgetful, { group: "chain" }), UsageError, "keeps nothing");
  const queues = pipeline("queues", { description: "" }, ({ step }) => {
    const a = step("a", {}, () => 1, { resources: { queue: "gpu" } });
    step("b", { a }, () => 1, { resources: { queue: "big" } });
  });
  assertThrows(() => dagSpec(queues as Pipeline), UsageError, "they are for gpu and big");
  assertEquals(dagSpec(queues as Pipeline, { group: "none" }).tasks.length, 2);
});

Deno.test("DAGs: the three trainings have their times, and stages in their order", async () => {
  for (
    const [name, cron, fair] of [
      ["credit_risk_training", "0 3 * * 6", true],
      ["intent_classifier_training", "0 2 * * 0", false],
      ["master_training_pipeline", "0 1 * * 1", false],
    ] as const
  ) {
    const spec = dagSpec(await loadPipeline("pipelines", name), { group: "none" });
    assertEquals(spec.schedule, { cron, time_zone: "UTC" });
    const ids = spec.tasks.map(({ id }) => id);
    const stages = [
      ...["validate", "drift_check", "train", "evaluate", ...fair ? ["fairness"] : []],
      ...["export", "register", "promote", "notify"],
    ];
    assertEquals(ids.filter((id) => stages.includes(id)), stages);
    assertEquals(ids.includes("fairness"), fair);
  }
});

Deno.test("DAGs: wrong usage of the command line is told", async () => {
  const call = async (...args: string[]) => {
    const told: string[] = [];
    const sink = { write: (text: string) => void told.push(text) };
    const code = await runAirflowCli(args, { stdout: sink, stderr: sink, folder: "pipelines" });
    return [code, told.join("")] as const;
  };
  const [help, page] = await call("--help");
  assertEquals([help, page.includes("deno task airflow export train")], [0, true]);
  for (
    const [args, message] of [
      [["export"], "which pipeline to export"],
      [["import", "train"], "did you mean export?"],
      [["export", "trian"], 'did you mean "train"?'],
      [["export", "train", "--grup", "all"], "did you mean --group?"],
      [["export", "train", "--group", "some"], "write one of none, chain, all"],
      [["export", "train", "--after", "train"], "Cannot run train after itself"],
    ] as const
  ) {
    const [code, text] = await call(...args);
    assertEquals([code, text.includes(message)], [2, true], text);
  }
});
