import { assert, assertEquals } from "@std/assert";
import { grownBy, watchProcess } from "./watched_process.ts";

Deno.test("soak: what grows is told, and what is only warmed up or jumps is not", () => {
  const looks = (of: (i: number) => number) => Array.from({ length: 120 }, (_, i) => of(i));
  const files = looks(() => 7);
  const warmed = grownBy({ memory: looks((i) => i < 20 ? i : i % 9 === 0 ? 300 : 100), files });
  assertEquals(warmed, { memory: { bytes: 0, share: 0 }, files: 0 });
  const leaks = grownBy({ memory: looks((i) => 100 + i), files: looks((i) => i) });
  // Of 90 warm looks the medians of the first and the last 30 lie 60 apart.
  assertEquals(leaks, { memory: { bytes: 60, share: 60 / 145 }, files: 60 });
});

Deno.test({
  name: "soak: a process is looked at" + (Deno.build.os === "linux" ? "" : " (needs Linux)"),
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    let looks = 2;
    const { memory, files } = await watchProcess(Deno.pid, () => looks-- > 0);
    assertEquals([memory.length, files.length], [2, 2]);
    assert(memory[0] > 10e6 && files[0] >= 3);
  },
});
