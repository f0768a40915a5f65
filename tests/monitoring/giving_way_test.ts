import { assert, assertEquals, assertRejects } from "@std/assert";
import { GivingWay, processorTime } from "../../src/monitoring/watch/giving_way.ts";
import { HOUR } from "./looks.ts";

/** A machine of two cores on which others take so much of them, and pieces of work of so many ms. */
function machine(others: number, pieceMs: number) {
  let [now, own, waited] = [0, 0, 0];
  let [stretch, longest] = [0, 0];
  const way = new GivingWay({
    now: () => now,
    taken: () => ({ cores: 2, all: others * now + own, own }),
    wait(seconds, signal) {
      signal.throwIfAborted();
      now += 1000 * seconds;
      waited += 1000 * seconds;
      stretch = 0;
      return Promise.resolve();
    },
  });
  return {
    async work(pieces: number, signal = new AbortController().signal) {
      [stretch, longest] = [0, 0];
      for (let i = 0; i < pieces; i++) {
        longest = Math.max(longest, stretch += pieceMs);
        [now, own] = [now + pieceMs, own + pieceMs];
        await way.turn(signal);
      }
      return { now, own, waited, longest };
    },
    leave() {
      others = 0;
    },
  };
}

Deno.test("monitoring: a look waits for nobody on a machine that does little else", async () => {
  const { waited } = await machine(0.2, 2).work(2000);
  assertEquals(waited, 0);
});

Deno.test("monitoring: beside others a look takes half a hundredth of a core, and what it likes once they leave", async () => {
  for (const others of [0.4, 1.5]) {
    const { work, leave } = machine(others, 2);
    const begun = await work(500);
    assertEquals(begun.waited, 0); // a short look is over before anybody feels it
    const { now, own, waited, longest } = await work(1500);
    // Longer ones would be seen in the 99th percentile of what others take.
    assert(longest <= 4, `${longest} ms without a pause`);
    const share = (own - begun.own) / (now - begun.now);
    assert(Math.abs(share - 0.005) < 0.0003, `${share} of a core`);
    leave();
    const after = await work(2000);
    // One more turn may have been under way.
    assert(after.waited - waited < 1000, `${after.waited - waited}`);
  }
});

Deno.test("monitoring: a look ends however busy others are", async () => {
  const { own, waited } = await machine(2, 2).work(HOUR / 2);
  assertEquals([own, Math.round(waited)], [HOUR, 600_000]);
});

Deno.test("monitoring: a look that waits for others ends when it is asked to", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => machine(2, 2).work(1000, signal), Error, "enough");
});

Deno.test("monitoring: the time that a process takes is counted for it and for the machine", () => {
  const before = processorTime();
  while (processorTime().own < before.own + 200);
  const after = processorTime();
  // Systems count the machine's time in steps of 10 ms or 15.6 ms for each core.
  const steps = 16 * after.cores;
  assert(after.all - before.all > 200 - steps, `${after.all - before.all} ms`);
  assertEquals(after.cores, before.cores);
});
