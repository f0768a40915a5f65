import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { runTask } from "../../src/base/mod.ts";
import { driftPage, driftVerdict, exitCodeOf, terminalSummary } from "../../src/monitoring/mod.ts";
import { profileTask } from "../../src/monitoring/profile.ts";
import { countDuplicates } from "../../src/monitoring/sides/duplicates.ts";
import { compareFiles, noise, now } from "./files.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 9, 1);

/** Rows of an hour each, written in no order; from the second half on `a` is higher. */
const timed = (stream: number, shift: number) => ({
  rows: 2400,
  columns: {
    when: (row: number) => new Date(start + hour * ((row * 7) % 2400)).toISOString(),
    a: (row: number) => (noise(row, stream) + ((row * 7) % 2400 < 1200 ? 0 : shift)).toFixed(6),
    b: (row: number) => noise(row, stream + 1).toFixed(6),
  },
});

Deno.test("drift: rows with times are cut by time, and windows tell since when a column drifts", async () => {
  const found = await compareFiles(timed(0, 0), timed(5, 0.5), { time: "when" });
  assertEquals(found.slices.timed, true);
  assertEquals(found.slices.names[0], "2026-10-01T00:00:00");
  assertEquals(found.windows.map(({ result }) => result.columns[0].drifted), [
    ...new Array(6).fill(false),
    ...new Array(6).fill(true),
  ]);
  assert(found.windows.every(({ result }) => !result.columns[1].drifted));
  const page = await driftPage(found, now);
  for (const words of ["Drift over time", "Mean over time", "outside of what is usual"]) {
    assert(page.includes(words), words);
  }
});

Deno.test("drift: a turned correlation is seen where no column moved", async () => {
  const joint = (stream: number, sign: number) => ({
    rows: 800,
    columns: {
      a: (row: number) => noise(row, stream).toFixed(6),
      b: (row: number) => (sign * noise(row, stream) + (sign < 0 ? 1 : 0)).toFixed(6),
    },
  });
  const found = await compareFiles(joint(0, 1), joint(3, -1));
  assertEquals(found.inputs.drifted, false);
  assertAlmostEquals(found.correlation!.change[0][1], -2, 1e-9);
  assertAlmostEquals(found.correlation!.change[0][0], 0, 1e-9);
  assertMatch(await driftPage(found, now), /(a and b|b and a) by −2\.00/);
});

Deno.test("drift: verdict, summary and exit code say the same", async () => {
  const found = await compareFiles(timed(0, 0), timed(5, 0.5));
  assertMatch(driftVerdict(found), /^High drift in 1 of 2 columns: a\.$/);
  const lines = terminalSummary(found, "page.html", "data.json").split("\n");
  assertMatch(lines[3], /^ {2}high {4}a {2}\d+\.\d % moved$/);
  assertEquals(
    (["never", "low", "medium", "high"] as const).map((on) => exitCodeOf(found, on).exitCode),
    [0, 3, 3, 3],
  );
  const calm = await compareFiles(timed(0, 0), timed(5, 0));
  assertEquals(
    driftVerdict(calm),
    "No drift: 2 columns are as the reference was. Not compared: when (dates move on by " +
      "themselves: only missing ones are tested).",
  );
  assertEquals(exitCodeOf(calm, "low").exitCode, 0);
});

Deno.test("drift: a profile is the column's own, and far values are counted by the reference", async () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => i === 100 ? NaN : i);
  const later = Float64Array.of(0, 50, 1000, NaN);
  const { reference: { mean, sd, min, max, constant, fences }, farOut } = await runTask(
    profileTask,
    { reference: { kind: "number", values }, current: { kind: "number", values: later } },
    undefined,
  );
  assertAlmostEquals(mean, 49.5, 1e-12);
  assertAlmostEquals(sd, Math.sqrt((100 ** 2 - 1) / 12 * 100 / 99), 1e-9);
  assertEquals([min, max, constant], [0, 99, false]);
  assertEquals(fences, [24.75 - 3 * 49.5, 74.25 + 3 * 49.5]);
  assertAlmostEquals(farOut.current, 1 / 3, 1e-12);
  assertEquals(farOut.reference, 0);
});

Deno.test("drift: rows repeat where all their values do, missing ones too", () => {
  const columns = [
    { kind: "number" as const, values: Float64Array.of(1, 1, NaN, NaN, 1) },
    { kind: "category" as const, codes: Int32Array.of(0, 0, -1, -1, 1), vocabulary: ["x", "y"] },
    { kind: "text" as const, values: ["a", "a", null, null, "a"] },
  ];
  assertEquals(countDuplicates(columns, 5), 2);
  const many = Float64Array.from({ length: 200_000 }, (_, i) => i / 7);
  assertEquals(countDuplicates([{ kind: "number", values: many }], many.length), 0);
});
