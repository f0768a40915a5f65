import { assert, assertEquals } from "@std/assert";
import { RefusalThrottle } from "../../serve/http/refusal_throttle.ts";

Deno.test("serve: a burst of refusals leaves at once, the others one after the other", () => {
  const pace = new RefusalThrottle();
  const pauses = Array.from({ length: 400 }, () => pace.pause(5000));
  assert(pauses.slice(0, 200).every((pause) => pause === 0));
  assert(pauses.slice(200).every((pause, n) => pause > 0 && pause > pauses[200 + n - 1]));
  // Once there were none for a while, a burst may leave again.
  assertEquals(pace.pause(5400), 0);
});

Deno.test("serve: no refusal waits longer than callers are asked to, nor does the pause outlast the rush", () => {
  const pace = new RefusalThrottle();
  const pauses = Array.from({ length: 50_000 }, () => pace.pause(0));
  assertEquals(Math.max(...pauses), 1000);
  assertEquals(pace.pause(1200), 0);
});
