/** Trainings in processes of their own: by the real runner, with a pipeline that is told what to do. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Problem } from "../../serve/http/problem.ts";
import type { TrainJob } from "../../serve/jobs/job.ts";
import { TrainJobs, type TrainJobsOptions } from "../../serve/jobs/train_jobs.ts";
import { jobSchema, trainRoutes } from "../../serve/routes/train.ts";
import { Project } from "../pipeline/project.ts";
import { save, withApp } from "./fixture.ts";
import type { Slots } from "../../serve/model/slots.ts";
import type { MadeBy } from "../../src/registry/metadata.ts";
import { retraining } from "../../serve/jobs/retraining.ts";
import { waitUntil } from "../wait_until.ts";

const source = `
import { z } from "zod";
import { pipeline } from "@pipeline";
export default pipeline("train", {
  description: "Waits for a file, fails if it says so",
  params: z.object({ folds: z.int().min(2).default(3) }),
  cache: false,
}, ({ step, each, params }) => {
  const folds = each("fold", ["a", "b"], {}, (name, _, { metric }) => { metric("score", 0.5); return name; });
  step("wait", { folds }, async (_, { metric, progress, signal }) => {
    metric("folds", params.folds);
    console.log("{ no event");
    progress(0.5);
    while (true) {
      signal.throwIfAborted();
      const text = await Deno.readTextFile("go").catch(() => "");
      if (text === "fail") throw new Error("The file says fail");
      if (text === "go") return Deno.env.get("API_KEYS") ?? "";
      await new Promise((done) => setTimeout(done, 20));
    }
  });
});
`;

async function withJobs(
  test: (jobs: TrainJobs, project: Project, ended: TrainJob[]) => Promise<void>,
  options: Partial<TrainJobsOptions> = {},
): Promise<void> {
  await using project = await Project.create({ "pipelines/train.ts": source });
  const ended: TrainJob[] = [];
  const root = (path: string) => fromFileUrl(import.meta.resolve(`../../${path}`));
  const jobs = new TrainJobs({
    command: [
      ...[Deno.execPath(), "run", "--allow-all", "--config", root("deno.json")],
      root("src/pipeline_cli/main.ts"),
    ],
    folder: project.folder,
    onEnded: (job) => ended.push(job),
    ...options,
  });
  try {
    await test(jobs, project, ended);
  } finally {
    await jobs.close();
  }
}

const reach = (project: string) => ({ folders: ["data"], project });

/** Serves a model whose metadata tell what made it. */
async function madeBy(folder: string, slots: Slots, pipeline: MadeBy): Promise<void> {
  const { metadata, metadataPath } = await save(folder);
  await Deno.writeTextFile(metadataPath, JSON.stringify({ ...metadata, pipeline }));
  await slots.follow();
}

const waiting = (jobs: TrainJobs, { id }: TrainJob) => () =>
  jobs.get(id)!.steps.some(({ name, status }) => name === "wait" && status === "running") &&
  jobs.get(id)!.progress === 0.75;

Deno.test("train jobs: progress while it runs, one at a time, metrics and the end", () =>
  withJobs(async (jobs, project, ended) => {
    const first = jobs.start("train", { folds: "5" });
    const refused = await assertRejects(() => jobs.start("train", {}), Problem);
    assertEquals(refused.status, 409);
    const job = await first;
    assertEquals([job.status, job.progress, job.error], ["running", 0, null]);
    await waitUntil(waiting(jobs, job), "its last step waits");
    assertEquals((await assertRejects(() => jobs.start("train", {}), Problem)).status, 409);
    assertEquals(jobs.get(job.id)!.metrics, { "score[a]": 0.5, "score[b]": 0.5, folds: 5 });
    await project.write("go", "go");
    await waitUntil(() => ended.length === 1, "a training has ended");
    const done = jobs.get(job.id)!;
    assertEquals([done.status, done.progress, done.error], ["succeeded", 1, null]);
    assertEquals(done.steps, [{ name: "fold", status: "ran" }, { name: "wait", status: "ran" }]);
    assert(done.finished_at! >= done.started_at);
    assertEquals(ended, [done]);
    const again = await jobs.start("train", {});
    await waitUntil(() => ended.length === 2, "two trainings have ended");
    assertEquals(jobs.list().map(({ id }) => id), [again.id, job.id]);
    assertEquals(jobs.get("none"), undefined);
  }));

Deno.test("train jobs: what a step says when it fails; parameters that are not accepted start nothing", () =>
  withJobs(async (jobs, project, ended) => {
    await project.write("go", "fail");
    const job = await jobs.start("train", {});
    await waitUntil(() => ended.length === 1, "a training has ended");
    const { status, error, steps } = jobs.get(job.id)!;
    assertEquals([status, error], ["failed", "The file says fail"]);
    assertEquals(steps.at(-1), { name: "wait", status: "failed" });
    for (
      const [params, message] of [
        [{ folds: "1" }, '"folds" is 1'],
        [{ fold: "3" }, '"fold"'],
      ] as const
    ) {
      const refused = await assertRejects(() => jobs.start("train", params), Problem, message);
      assertEquals(refused.status, 422);
    }
    assertEquals(jobs.list().length, 1);
  }));

Deno.test("train jobs: a server that stops asks its training to stop, and ends one that does not", async () => {
  await withJobs(async (jobs, _, ended) => {
    const job = await jobs.start("train", {});
    await waitUntil(waiting(jobs, job), "its last step waits");
    await jobs.close();
    assertEquals([jobs.get(job.id)!.status, ended.length], ["cancelled", 1]);
    assertEquals((await assertRejects(() => jobs.start("train", {}), Problem)).status, 503);
  });
  const deaf = `
    if (!Deno.args.includes("--plan")) {
      Deno.addSignalListener("SIGTERM", () => {});
      setInterval(() => {}, 1000);
      Deno.writeTextFileSync("deaf", "");
    }`;
  await using project = await Project.create({ "deaf.ts": deaf });
  const jobs = new TrainJobs({
    command: [Deno.execPath(), "run", "--allow-all", "deaf.ts"],
    folder: project.folder,
    patienceMs: 300,
  });
  const job = await jobs.start("train", {});
  const deafNow = () => Deno.stat(project.path("deaf")).then(() => true, () => false);
  await waitUntil(deafNow, "the training is deaf");
  await jobs.close();
  assertEquals(jobs.get(job.id)!.status, "cancelled");
});

Deno.test("serve: /train starts a job and tells of it, to who may", () =>
  withJobs(async (jobs, project, ended) => {
    await withApp(async ({ call, folder, slots }) => {
      await madeBy(folder, slots, { name: "train", params: { folds: 3 } });
      const key = { "x-api-key": "an-admin-key-0123" };
      assertEquals((await call("/train", {})).status, 401);
      assertEquals((await call("/train", { params: { "--plan": "x" } }, key)).status, 422);
      assertEquals((await call("/train", { folds: 3 }, key)).status, 422);
      const response = await call("/train", { params: { folds: 4 } }, key);
      assertEquals(response.status, 202);
      const job = jobSchema.parse(await response.json());
      assertEquals(response.headers.get("location"), `/train/${job.id}`);
      assertEquals(job.params, { folds: "4" });
      assertEquals((await call("/train", {}, key)).status, 409);
      await project.write("go", "go");
      await waitUntil(() => ended.length === 1, "a training has ended");
      const told = await (await call(`/train/${job.id}`, undefined, key)).json();
      assertEquals(jobSchema.parse(told).status, "succeeded");
      const list = await (await call("/train", undefined, key)).json();
      assertEquals(list, { jobs: [told] });
      assertEquals((await call("/train/none", undefined, key)).status, 404);
      assertEquals((await call(`/train/${job.id}/cancel`, {}, key)).status, 409);
      assertEquals((await call("/train/none")).status, 401);
    }, {
      flags: ["--admin-keys", "an-admin-key-0123"],
      extensions: [trainRoutes(jobs, reach(project.folder))],
    });
  }));

Deno.test("serve: a training can be cancelled", () =>
  withJobs(async (jobs, project, ended) => {
    await withApp(async ({ call, folder, slots }) => {
      await madeBy(folder, slots, { name: "train", params: {} });
      const job = jobSchema.parse(await (await call("/train", {})).json());
      await waitUntil(waiting(jobs, job), "its last step waits");
      const cancelled = await call(`/train/${job.id}/cancel`, {});
      assertEquals(jobSchema.parse(await cancelled.json()).status, "cancelled");
      assertEquals(ended.length, 1);
    }, { extensions: [trainRoutes(jobs, reach(project.folder))] });
  }));

Deno.test("serve: a model of older metadata is not trained by a guess", () =>
  withJobs(async (jobs, project) => {
    await withApp(async ({ call }) => {
      const refused = await call("/train", {});
      assertEquals(refused.status, 409);
      assertMatch((await refused.json()).detail, /do not tell which pipeline made it/);
      assertEquals(jobs.list(), []);
    }, { extensions: [trainRoutes(jobs, reach(project.folder))] });
  }));

Deno.test("retraining: the model's own parameters, a request's in their place, within reach", async () => {
  const project = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${project}/data`);
    await Deno.mkdir(`${project}/src`);
    await Deno.symlink("/etc", `${project}/data/link`);
    const params = { data: "elsewhere/x.csv", folds: 3, url: "http://own.example", wide: ["a"] };
    const model = { model_name: "M", version: "1", pipeline: { name: "home_equity", params } };
    const run = (asked: Record<string, string | number | boolean>) =>
      retraining(model, asked, ["data"], project);
    assertEquals(await run({ folds: 5, data: "data/new.csv", url: "http://own.example" }), {
      pipeline: "home_equity",
      params: { data: "data/new.csv", folds: "5", url: "http://own.example", wide: '["a"]' },
    });
    assertEquals((await run({ mode: "fast" })).params.mode, "fast");
    const outside = [
      ...["/etc/passwd", "../x", "data/../src", "src", "~/x", ".hidden", "data/link/passwd"],
      ...["data/link/new.csv", "http://evil.example", "file:///etc/passwd", "C:\\x", "a/b"],
    ];
    for (const data of outside) {
      const { status, errors } = await assertRejects(() => run({ data }), Problem);
      assertEquals([status, errors[0].pointer], [422, "/params/data"], data);
    }
  } finally {
    await Deno.remove(project, { recursive: true });
  }
});
