import { assertEquals, assertRejects } from "@std/assert";
import { Ticket } from "../../serve/http/deadlines.ts";
import { MicroBatcher } from "../../serve/model/micro_batcher.ts";
import { waitUntil } from "../wait_until.ts";

/** A model of one column that answers with the value itself, when it is let go. */
function heldModel() {
  const gates: (() => void)[] = [];
  const frame = (rows: number) => ({
    rows,
    columns: [new Float32Array(rows)],
    async predict() {
      await new Promise<void>((open) => gates.push(open));
      return { labels: Array(rows).fill("a"), scores: [this.columns[0].slice()] };
    },
  });
  /** Lets the next inference end. */
  const open = async () => {
    await waitUntil(() => gates.length > 0, "an inference is under way");
    gates.shift()!();
  };
  return { model: { frame }, open };
}

Deno.test("micro-batcher: what waits while the model is busy shares the next inference", async () => {
  const { model, open } = heldModel();
  const sizes: number[] = [];
  const batcher = new MicroBatcher(model, ["a"], 3, (rows) => sizes.push(rows));
  const first = batcher.predict([10]);
  await open();
  assertEquals((await first).scores, [10]);
  const others = [1, 2, 3, 4, 5].map((value) => batcher.predict([value]));
  await open();
  await open();
  const values = (await Promise.all(others)).map(({ scores }) => scores[0]);
  assertEquals(values, [1, 2, 3, 4, 5]);
  assertEquals(sizes, [1, 3, 2]);
});

Deno.test("micro-batcher: a cancelled record leaves the queue, the others get their own answers", async () => {
  const { model, open } = heldModel();
  const sizes: number[] = [];
  const batcher = new MicroBatcher(model, ["a"], 8, (rows) => sizes.push(rows));
  const busy = batcher.predict([0]);
  await waitUntil(() => sizes.length > 0, "the first inference has begun");
  const ticket = new Ticket(0);
  const cancelled = batcher.predict([1], ticket);
  const kept = batcher.predict([2]);
  assertEquals(batcher.waiting, 2);
  ticket.cancel(new Error("too late"));
  await assertRejects(() => cancelled, Error, "too late");
  assertEquals(batcher.waiting, 1);
  await open();
  await open();
  await busy;
  assertEquals((await kept).scores, [2]);
  assertEquals(sizes, [1, 1]);
});

Deno.test("micro-batcher: a failed inference fails its own batch only", async () => {
  let calls = 0;
  const frame = (rows: number) => ({
    rows,
    columns: [new Float32Array(rows)],
    predict: () =>
      calls++ === 0
        ? Promise.reject(new Error("out of memory"))
        : Promise.resolve({ labels: ["a"], scores: [new Float32Array([1])] }),
  });
  const batcher = new MicroBatcher({ frame }, ["a"], 8, () => {});
  await assertRejects(() => batcher.predict([1]), Error, "out of memory");
  assertEquals((await batcher.predict([1])).code, 0);
});
