import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

Deno.test("memory: 10,000 items that make 400 MB are never held together", async () => {
  const program = fromFileUrl(import.meta.resolve("./memory_program.ts"));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc", program],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { finished, held } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(finished, 10_000);
  assertEquals(held.length, 10);
  // Nine thousand items more are 360 MB of values; their records and events are 15.
  const grown = held.map((bytes: number) => Math.round((bytes - held[0]) / 1e6));
  assert(Math.max(...grown) < 60, `MB held after each thousand items: ${grown.join(", ")}`);
});
