/** Has thousands wait and leave, and says how many bytes more are held after; run with `--v8-flags=--expose-gc`. */

import { WaitingLine } from "../../src/redis/waiting_line.ts";

const { gc } = globalThis as unknown as { gc: (options: { type: "minor" }) => void };
const line = new WaitingLine<number[]>();
/** Some wait at any moment, as on a server that is busy, so that the line is never empty. */
const places = Array.from({ length: 32 }, () => line.join([]));
// The line itself becomes old, as that of a link which has been idle.
for (let time = 0; time < 3; time++) gc({ type: "minor" });
let before = 0;
for (let round = 0; round < 40; round++) {
  for (let turn = 0; turn < 1000; turn++) {
    line.leave(places.shift()!);
    places.push(line.join(new Array(100).fill(turn)));
  }
  // Only what is young: what a collection of all memory frees has been in the way until then.
  gc({ type: "minor" });
  if (round === 3) before = Deno.memoryUsage().heapUsed;
}
// deno-lint-ignore no-console -- what the test reads
console.log(JSON.stringify({ grown: Deno.memoryUsage().heapUsed - before }));
