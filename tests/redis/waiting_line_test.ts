import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { WaitingLine } from "../../src/redis/waiting_line.ts";

Deno.test("waiting line: who has waited longest is first, whoever leaves when", () => {
  const line = new WaitingLine<number>();
  const left = new Set<number>();
  const places = new Map<number, ReturnType<typeof line.join>>();
  let joined = 0;
  let state = 7;
  const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
  for (let turn = 0; turn < 20_000; turn++) {
    if (random(2) === 0 || places.size === 0) places.set(joined, line.join(joined++));
    else {
      // Mostly one of the first, at times one far behind.
      const waiting = [...places.keys()];
      const one = waiting[random(random(50) === 0 ? waiting.length : Math.min(3, waiting.length))];
      line.leave(places.get(one)!);
      places.delete(one);
      left.add(one);
    }
    assertEquals(line.first, places.keys().next().value);
  }
  assertEquals(line.clear(), [...places.keys()]);
  assertEquals(line.first, undefined);
  line.leave(line.join(1));
  assertEquals(line.first, undefined);
});

Deno.test("waiting line: who has left is not held until all memory is looked through", async () => {
  const program = fromFileUrl(import.meta.resolve("./waiting_line_program.ts"));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc", program],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { grown } = JSON.parse(new TextDecoder().decode(stdout));
  // The 36,000 that left after the measure began take 30 MB.
  assert(grown < 3e6, `${grown / 1e6} MB are held`);
});
