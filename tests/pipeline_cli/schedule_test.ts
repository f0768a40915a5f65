import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UsageError, UserError } from "../../src/base/mod.ts";
import { type Schedule, Timetable } from "../../src/timetable/mod.ts";
import type { Scheduled } from "../../src/pipeline_cli/schedule/job.ts";
import type { RunOutcome, UntimedScheduleEvent } from "../../src/pipeline_cli/mod.ts";
import { ScheduleState } from "../../src/pipeline_cli/schedule/schedule_state.ts";
import { schedule, scheduleOnce } from "../../src/pipeline_cli/schedule/scheduler.ts";
import { ManualClock } from "./manual_clock.ts";
import { waitUntil, within } from "../wait_until.ts";

/** Every ten seconds. */
const CRON = "*/10 * * * * *";
const START = "2026-03-01T00:00:05Z";
const time = (text: string) => new Date(`2026-03-01T${text}Z`);

/** A run that the test ends. */
interface StartedRun {
  readonly signal: AbortSignal;
  readonly end: (exitCode: number) => void;
}

/** A scheduler with a clock set by hand and runs that end when the test says. */
class Bench implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly stop = new AbortController();
  readonly events: UntimedScheduleEvent[] = [];
  readonly runs: StartedRun[] = [];
  #heard = Promise.withResolvers<void>();

  constructor(
    readonly folder: string,
    readonly state: ScheduleState,
    readonly plan: Partial<Schedule>,
    start = START,
  ) {
    this.clock = new ManualClock(start);
  }

  static async create(plan: Partial<Schedule>, start?: string): Promise<Bench> {
    const folder = await Deno.makeTempDir();
    return new Bench(folder, await ScheduleState.open(folder), plan, start);
  }

  get options() {
    const schedule = { cron: CRON, timeZone: "UTC", ...this.plan };
    const job: Scheduled = { name: "p", schedule, timetable: new Timetable("p", schedule) };
    return {
      pipelines: [job],
      clock: this.clock,
      state: this.state,
      signal: this.stop.signal,
      emit: (event: UntimedScheduleEvent) => {
        this.events.push(event);
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      },
      run: (_: Scheduled, signal: AbortSignal) => this.#run(signal),
    };
  }

  /** What happened with which run, as `run_started 00:10`. */
  get told(): string[] {
    return this.events.map((event) =>
      "due" in event ? `${event.type} ${event.due.slice(14, 19)}` : event.type
    );
  }

  /** Waits until an event was told `count` times and what follows at once is done. */
  async until(type: UntimedScheduleEvent["type"], count = 1): Promise<void> {
    while (this.events.filter((event) => event.type === type).length < count) {
      await within(this.#heard.promise, `${type} is told ${count} times`);
    }
    await new Promise((resolve) => setTimeout(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
  }

  #run(signal: AbortSignal): Promise<RunOutcome> {
    const { promise, resolve } = Promise.withResolvers<RunOutcome>();
    const end = (exitCode: number) => {
      const status = exitCode === 0 ? "succeeded" : exitCode === 130 ? "cancelled" : "failed";
      resolve({ status, exitCode, ...status === "failed" && { error: "load: broken" } });
    };
    if (signal.aborted) end(130);
    signal.addEventListener("abort", () => end(130), { once: true });
    this.runs.push({ signal, end });
    return promise;
  }
}

Deno.test("schedule: a run for each time, and what is done is kept", async () => {
  await using bench = await Bench.create({});
  const done = schedule(bench.options);
  for (const count of [1, 2]) {
    await bench.clock.step();
    await bench.until("run_started", count);
    bench.runs.at(-1)!.end(0);
    await bench.until("run_finished", count);
  }
  bench.stop.abort();
  await done;
  assertEquals(bench.told, [
    "scheduler_started",
    "run_started 00:10",
    "run_finished 00:10",
    "run_started 00:20",
    "run_finished 00:20",
    "scheduler_stopped",
  ]);
  assertEquals(bench.state.handled("p"), time("00:00:20"));
});

Deno.test("schedule: overlap skip leaves the new run out", async () => {
  await using bench = await Bench.create({});
  const done = schedule(bench.options);
  await bench.clock.step();
  await bench.until("run_started");
  await bench.clock.step();
  await bench.until("skipped");
  bench.runs[0].end(0);
  await bench.until("run_finished");
  bench.stop.abort();
  await done;
  assertEquals(bench.told.slice(1, 4), [
    "run_started 00:10",
    "skipped 00:20",
    "run_finished 00:10",
  ]);
  assertEquals(bench.state.handled("p"), time("00:00:20"), "what was left out is dealt with");
});

Deno.test("schedule: overlap queue runs one afterwards, however many came", async () => {
  await using bench = await Bench.create({ overlap: "queue" });
  const done = schedule(bench.options);
  await bench.clock.step();
  await bench.until("run_started");
  await bench.clock.step();
  await bench.until("queued");
  await bench.clock.step();
  await bench.until("skipped");
  bench.runs[0].end(0);
  await bench.until("run_started", 2);
  assertEquals(bench.state.handled("p"), time("00:00:10"), "the one that waits is not done");
  bench.runs[1].end(0);
  await bench.until("run_finished", 2);
  bench.stop.abort();
  await done;
  assertEquals(bench.told.slice(1, -1), [
    "run_started 00:10",
    "queued 00:20",
    "skipped 00:30",
    "run_finished 00:10",
    "run_started 00:20",
    "run_finished 00:20",
  ]);
});

Deno.test("schedule: overlap cancel-previous interrupts the old run", async () => {
  await using bench = await Bench.create({
    overlap: "cancel-previous",
    retries: 3,
    onFailure: { command: ["never-run"] },
  });
  const done = schedule(bench.options);
  await bench.clock.step();
  await bench.until("run_started");
  await bench.clock.step();
  await bench.until("run_started", 2);
  assert(bench.runs[0].signal.aborted && !bench.runs[1].signal.aborted);
  bench.runs[1].end(0);
  await bench.until("run_finished", 2);
  bench.stop.abort();
  await done;
  assertEquals(bench.told.slice(1, -1), [
    "run_started 00:10",
    "superseding 00:20",
    "run_finished 00:10",
    "run_started 00:20",
    "run_finished 00:20",
  ]);
});

Deno.test("schedule: a failed run is tried again, later each time, then told", async () => {
  const reports: unknown[] = [];
  await using server = Deno.serve({ port: 0, onListen: () => {} }, async (request) => {
    reports.push([request.method, await request.json()]);
    return new Response(null, { status: reports.length === 1 ? 204 : 500 });
  });
  const webhook = `http://localhost:${server.addr.port}/`;
  await using bench = await Bench.create({
    cron: "0 0 * * *",
    retries: 2,
    backoff: 60,
    onFailure: { webhook },
  });
  const done = schedule(bench.options);
  const fail = async (attempt: number, exitCode: number) => {
    await bench.until("run_started", attempt);
    bench.runs.at(-1)!.end(exitCode);
    await bench.until("run_finished", attempt);
  };
  await bench.clock.step();
  await fail(1, 1);
  await bench.clock.step(2);
  await fail(2, 1);
  await bench.clock.step(2);
  await fail(3, 1);
  await bench.until("alerted");
  const plannedAt = bench.events.flatMap((event) =>
    event.type === "retry_planned" ? [event.next.slice(11, 19)] : []
  );
  assertEquals(plannedAt, ["00:01:00", "00:03:00"]);
  // An exit code that is not a step's failure is told at once; the webhook fails now.
  await bench.clock.step();
  await fail(4, 2);
  await bench.until("alert_failed");
  bench.stop.abort();
  await done;
  assertEquals(
    reports,
    [2, 3].map((day, i) => ["POST", {
      pipeline: "p",
      due: `2026-03-0${day}T00:00:00.000Z`,
      attempts: [3, 1][i],
      exitCode: [1, 2][i],
      error: "load: broken",
    }]),
  );
  const failed = bench.events.find((event) => event.type === "alert_failed");
  assertEquals(failed?.error, `Cannot post to localhost:${server.addr.port}: it answered 500`);
});

Deno.test("schedule: a command gets the failure on its input; one that fails stops nothing", async () => {
  await using bench = await Bench.create({});
  const got = join(bench.folder, "got.json");
  const code = `Deno.writeTextFileSync(${JSON.stringify(got)},
    await new Response(Deno.stdin.readable).text()); Deno.exit(0)`;
  for (const command of [[Deno.execPath(), "eval", code], ["there-is-no-such-program"]]) {
    Object.assign(bench.plan, { onFailure: { command } });
    bench.runs.length = 0;
    await bench.state.handle("p", time("00:00:00"));
    const done = scheduleOnce({ ...bench.options, clock: new ManualClock("2026-03-01T00:00:15Z") });
    await waitUntil(() => bench.runs.length > 0, "the run has begun");
    bench.runs[0].end(1);
    assertEquals(await done, false);
  }
  const { exitCode, attempts } = JSON.parse(await Deno.readTextFile(got));
  assertEquals([exitCode, attempts], [1, 1]);
  assertEquals(bench.told.filter((told) => told.startsWith("alert")), [
    "alerted 00:10",
    "alert_failed 00:10",
  ]);
});

for (const missed of ["skip", "run-once"] as const) {
  Deno.test(`schedule: times that passed while nobody looked: ${missed}`, async () => {
    await using bench = await Bench.create({ missed, cron: "0 * * * *" }, "2026-03-01T00:30:00Z");
    await bench.state.handle("p", new Date("2026-02-27T00:00:00Z"));
    const done = schedule(bench.options);
    await bench.until("missed");
    if (missed === "run-once") {
      await bench.until("run_started");
      bench.runs[0].end(0);
      await bench.until("run_finished");
    }
    // The machine sleeps for three hours and a half.
    await bench.clock.set(time("03:30:00"));
    await bench.until("missed", 2);
    if (missed === "run-once") {
      await bench.until("run_started", 2);
      bench.runs[1].end(0);
      await bench.until("run_finished", 2);
    }
    await bench.clock.step();
    await bench.until("run_started", missed === "run-once" ? 3 : 1);
    assertEquals(bench.told.at(-1), "run_started 00:00");
    assertEquals(bench.clock.now(), time("04:00:00"));
    bench.stop.abort();
    await done;
    assertEquals(bench.runs.length, missed === "run-once" ? 3 : 1);
  });
}

Deno.test("schedule: a run that the end interrupts is made up for", async () => {
  await using bench = await Bench.create({ missed: "run-once", cron: "0 * * * *" });
  const done = schedule(bench.options);
  await bench.clock.step();
  await bench.until("run_started");
  bench.stop.abort();
  await done;
  assertEquals(bench.told.slice(-2), ["run_finished 00:00", "scheduler_stopped"]);
  assert(bench.state.handled("p")! < time("01:00:00"));

  const later = new Bench(bench.folder, bench.state, bench.plan, "2026-03-01T01:30:00Z");
  const again = schedule(later.options);
  await later.until("run_started");
  later.runs[0].end(0);
  await later.until("run_finished");
  later.stop.abort();
  await again;
  assertEquals(later.told.slice(1, 3), ["missed 00:00", "run_started 00:00"]);
});

Deno.test("schedule: once starts from its first call and takes what is late", async () => {
  await using bench = await Bench.create({ cron: "0 * * * *" });
  assertEquals(await scheduleOnce(bench.options), true);
  assertEquals(bench.runs.length, 0, "nothing is due when it is first seen");
  const later = new Bench(bench.folder, bench.state, bench.plan, "2026-03-01T05:17:00Z");
  const done = scheduleOnce(later.options);
  await later.until("run_started");
  later.runs[0].end(0);
  assertEquals(await done, true);
  assertEquals(later.told, ["run_started 00:00", "run_finished 00:00"]);
  assertEquals(await scheduleOnce(later.options), true);
  assertEquals(later.runs.length, 1, "it is dealt with");
});

Deno.test("schedule: a run that cannot be started counts as failed and stops nothing", async () => {
  await using bench = await Bench.create({ retries: 1, backoff: 1 });
  await bench.state.handle("p", time("00:00:00"));
  const clock = new ManualClock("2026-03-01T00:00:15Z");
  const run = () => Promise.reject(new Error("there is no memory left"));
  const done = scheduleOnce({ ...bench.options, clock, run });
  await clock.step();
  assertEquals(await done, false);
  const errors = bench.events.map((event) => event.type === "run_finished" ? event.error : "");
  assertEquals(errors.filter((error) => error === "there is no memory left").length, 2);
});

Deno.test("schedule: patterns are read in their time zone, over the change of the clocks", () => {
  const table = new Timetable("p", { cron: "30 1 * * *", timeZone: "Europe/Berlin" });
  const winter = table.next(new Date("2026-03-28T12:00:00Z"))!;
  assertEquals(winter.toISOString(), "2026-03-29T00:30:00.000Z");
  assertEquals(table.next(winter)!.toISOString(), "2026-03-29T23:30:00.000Z");
});

Deno.test("schedule: what has no meaning is refused", () => {
  const refuse = (schedule: Schedule, message: string) =>
    assertThrows(() => new Timetable("p", schedule), UsageError, message);
  refuse({ cron: "61 * * * *" }, 'its pattern "61 * * * *" has no meaning');
  refuse({ cron: "daily" }, 'Cannot schedule pipeline "p": its pattern "daily" has no meaning');
  refuse({ cron: "0 0 30 2 *" }, "never comes again");
  refuse({ cron: "0 0 * * *", timeZone: "Mars/Base" }, 'there is no time zone "Mars/Base"');
});

Deno.test("schedule: one scheduler at a time", async () => {
  await using bench = await Bench.create({});
  await assertRejects(
    () => ScheduleState.open(bench.folder),
    UserError,
    "another scheduler works in this project",
  );
});
