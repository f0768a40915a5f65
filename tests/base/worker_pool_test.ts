import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, runTask, type Task, WorkerPool } from "../../src/base/mod.ts";
import { failTask, spinTask, uncloneableTask, waitTask } from "./pool_tasks.ts";
import { waitUntil } from "../wait_until.ts";
import { sumTask } from "./sum_task.ts";

function sharedCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

Deno.test("WorkerPool: gives each caller its own result, more tasks than workers", async () => {
  await using pool = new WorkerPool(2);
  const sums = await Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(sumTask, [n, 10])));
  assertEquals(sums, [11, 12, 13, 14, 15]);
});

Deno.test("WorkerPool: runs no more tasks at a time than it has workers", async () => {
  await using pool = new WorkerPool(2);
  const entered = sharedCounter();
  const runs = [1, 2, 3].map(() => pool.run(waitTask, { entered, steps: 20 }));
  await waitUntil(() => Atomics.load(entered, 0) === 2, "two tasks run");
  await Promise.race(runs);
  await Promise.all(runs);
  assertEquals(Atomics.load(entered, 0), 3);
});

Deno.test("WorkerPool: tells progress now and then, rising to 1", async () => {
  await using pool = new WorkerPool(1);
  const heard: number[] = [];
  await pool.run(waitTask, { steps: 40 }, { onProgress: (done) => heard.push(done) });
  assertEquals(heard, [...new Set(heard)].sort((a, b) => a - b));
  assertEquals(heard.at(-1), 1);
  assert(heard.length > 2 && heard.length < 40, `${heard}`);
});

Deno.test("WorkerPool: shared memory is shared, not copied", async () => {
  await using pool = new WorkerPool(1);
  const entered = sharedCounter();
  await pool.run(waitTask, { entered, steps: 0 });
  assertEquals(entered[0], 1);
});

Deno.test("WorkerPool: stopping a busy task ends its worker and frees its place", async () => {
  await using pool = new WorkerPool(1);
  const controller = new AbortController();
  const entered = sharedCounter();
  const spinning = pool.run(spinTask, entered, { signal: controller.signal });
  const after = pool.run(sumTask, [1, 2]);
  await waitUntil(() => Atomics.load(entered, 0) === 1, "a task runs");
  controller.abort(new Error("Enough"));
  await assertRejects(() => spinning, Error, "Enough");
  assertEquals(await after, 3);
});

Deno.test("WorkerPool: a task that waits for a worker stops at once, others go on", async () => {
  await using pool = new WorkerPool(1);
  const controller = new AbortController();
  let finished = false;
  const first = pool.run(waitTask, { steps: 20 }).then(() => finished = true);
  const second = pool.run(sumTask, [1], { signal: controller.signal });
  const third = pool.run(sumTask, [2]);
  controller.abort(new Error("Not needed"));
  await assertRejects(() => second, Error, "Not needed");
  assert(!finished, "stopped before the busy worker was free");
  await first;
  assertEquals(await third, 2);
});

Deno.test("WorkerPool: a signal that is stopped already, or stops afterwards", async () => {
  await using pool = new WorkerPool(1);
  const controller = new AbortController();
  assertEquals(await pool.run(sumTask, [1], { signal: controller.signal }), 1);
  controller.abort(new Error("Late"));
  const signal = controller.signal;
  await assertRejects(() => pool.run(sumTask, [1], { signal }), Error, "Late");
  assertEquals(await pool.run(sumTask, [4]), 4);
});

Deno.test("WorkerPool: an error keeps its class, message and advice, and the worker goes on", async () => {
  await using pool = new WorkerPool(1);
  const error = await assertRejects(() => pool.run(failTask, "data"), DataError, "Cannot do it");
  assertEquals(error.next, "try another way");
  await assertRejects(() => pool.run(failTask, "range"), RangeError, "Cannot count that far");
  await assertRejects(() => pool.run(failTask, "text"), Error, "just text");
  assertEquals(await pool.run(sumTask, [1]), 1);
});

Deno.test("WorkerPool: what cannot be cloned is an error of that task only", async () => {
  await using pool = new WorkerPool(1);
  await assertRejects(() => pool.run(uncloneableTask, undefined));
  const takesFunction = sumTask as unknown as Task<() => void, number>;
  await assertRejects(() => pool.run(takesFunction, () => {}));
  assertEquals(await pool.run(sumTask, [1]), 1);
});

Deno.test("WorkerPool: a task that its module does not export is named", async () => {
  await using pool = new WorkerPool(1);
  const missing = { ...sumTask, name: "missing" };
  await assertRejects(() => pool.run(missing, [1]), Error, 'Cannot run task "missing"');
});

Deno.test("WorkerPool: closing rejects running, waiting and later tasks", async () => {
  const pool = new WorkerPool(1);
  const entered = sharedCounter();
  const running = pool.run(spinTask, entered);
  const waiting = pool.run(sumTask, [1]);
  await waitUntil(() => Atomics.load(entered, 0) === 1, "a task runs");
  pool.close();
  await assertRejects(() => running, Error, "closed before the task finished");
  await assertRejects(() => waiting, Error, "closed before the task ran");
  await assertRejects(() => pool.run(sumTask, [1]), Error, "closed pool");
});

Deno.test("WorkerPool: refuses a size that is no number of workers", () => {
  for (const size of [0, -1, 1.5, NaN]) {
    assertThrows(() => new WorkerPool(size), RangeError, "whole number of 1 or more");
  }
});

Deno.test("runTask: the same with and without workers", async () => {
  await using pool = new WorkerPool(1);
  for (const where of [pool, undefined]) {
    const heard: number[] = [];
    const onProgress = (done: number) => heard.push(done);
    assertEquals(await runTask(waitTask, { steps: 2 }, where, { onProgress }), 2);
    assertEquals(heard.at(-1), 1);
    await assertRejects(() => runTask(failTask, "data", where), DataError, "Cannot do it");
    const signal = AbortSignal.abort(new Error("Stopped"));
    await assertRejects(() => runTask(sumTask, [1], where, { signal }), Error, "Stopped");
  }
});
