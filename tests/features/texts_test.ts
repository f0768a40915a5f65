/** Categories, integer codes, truth values and dates. */

import { assertEquals, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  boolean,
  type Cell,
  clean,
  type ColumnSpec,
  date,
  featureSet,
  fit,
  inputSchema,
  kindOf,
  multiHot,
  oneHot,
  ordinal,
  pattern,
  rowTransformer,
  transform,
} from "../../src/features/mod.ts";
import { column } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";

const target = { column: "y", classes: ["a", "b"] };

function learned(spec: ColumnSpec, cells: Cell[]) {
  const set = featureSet({ target, columns: { x: spec } });
  const data = clean(set, { rows: cells.length, columns: { x: cells } }, { target: "none" });
  const state = fit(set, data);
  const matrix = transform(state, data);
  const features = Object.fromEntries(
    state.features.map((name, j) => [name, [...column(matrix, j)]]),
  );
  return { state, features, notices: data.notices };
}

Deno.test("one-hot: a missing value has a category of its own, or markers too", () => {
  const cells = ["a", null, "b", "-"];
  assertEquals(learned(oneHot({ missing: "category" }), cells).features, {
    "x_-": [0, 0, 0, 1],
    x_a: [1, 0, 0, 0],
    x_b: [0, 0, 1, 0],
    x_missing: [0, 1, 0, 0],
  });
  assertEquals(learned(oneHot({ missing: "category", markers: ["-"] }), cells).features, {
    x_a: [1, 0, 0, 0],
    x_b: [0, 0, 1, 0],
    x_missing: [0, 1, 0, 1],
  });
});

Deno.test("one-hot: rare and unknown categories are others, or nothing", () => {
  const cells = ["a", "b", "a", "c", null];
  assertEquals(learned(oneHot({ minCount: 2 }), cells).features, { x_a: [1, 0, 1, 0, 1] });
  const { state, features } = learned(oneHot({ minCount: 2, other: true }), cells);
  assertEquals(features, { x_a: [1, 0, 1, 0, 1], x_other: [0, 1, 0, 1, 0] });
  const row = new Float32Array(2);
  rowTransformer(state)(["new"], row);
  assertEquals([...row], [0, 1]);
  assertThrows(() => learned(oneHot({ minCount: 9 }), cells), DataError, "none of its 5 rows");
});

Deno.test("categories end before a NUL, as ONNX Runtime ends texts", () => {
  const cells = ["a\0\0", "a", "b\0x", "\0", "7.0\0", "7"];
  assertEquals(learned(oneHot({ missing: "category" }), cells).features, {
    ...{ x_7: [0, 0, 0, 0, 1, 1], x_a: [1, 1, 0, 0, 0, 0], x_b: [0, 0, 1, 0, 0, 0] },
    x_missing: [0, 0, 0, 1, 0, 0],
  });
});

Deno.test("integer codes: 7, 7.0 and the number 7 are one category, from CSV, Parquet and JSON", () => {
  const specs: [ColumnSpec, Record<string, number[]>][] = [
    [oneHot(), { x_7: [1, 1, 1, 0], x_8: [0, 0, 0, 1] }],
    [ordinal(["8", "7"]), { x: [1, 1, 1, 0] }],
  ];
  for (const [spec, expected] of specs) {
    for (const cells of [["7", "7", "7", "8"], ["7.0", "7.0", "7.0", "8.0"], [7, 7, 7, 8]]) {
      const { state, features } = learned(spec, cells);
      assertEquals(features, expected);
      assertEquals(inputSchema(state)[0].codes, true);
    }
    assertEquals(learned(spec, [7, "7.0", "7", 8]).features, expected);
  }
  assertEquals(learned(oneHot(), [0.5, "0.5", 1e21]).features, {
    "x_0.5": [1, 1, 0],
    "x_1e+21": [0, 0, 1],
  });
  assertThrows(
    () => featureSet({ target, columns: { x: ordinal(["7", "7.0"]) } }),
    UsageError,
    "levels of column",
  );
});

Deno.test("integer codes: files of any form give the same categories", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = pl.DataFrame({ x: pl.Series("x", [7, 8, null], pl.Int64) }).writeParquet();
    const broken = pl.DataFrame({ x: pl.Series("x", [7, 8, null], pl.Float64) }).writeParquet();
    const files = { "a.csv": "x,z\n7,1\n8,1\n,1\n", "b.csv": "x,z\n7.0,1\n8.0,1\n,1\n" };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await Deno.writeFile(`${folder}/c.parquet`, whole);
    await Deno.writeFile(`${folder}/d.parquet`, broken);
    for (const name of [...Object.keys(files), "c.parquet", "d.parquet"]) {
      const { columns } = await readTable(`${folder}/${name}`);
      const { features } = learned(oneHot({ missing: "category" }), [...columns.x]);
      assertEquals(features, { x_7: [1, 0, 0], x_8: [0, 1, 0], x_missing: [0, 0, 1] }, name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("truth values: in every usual spelling, as text, number or truth value", () => {
  const cells = ["yes", "No", "TRUE", 0, 1, "1.0", "f", "maybe", null, true as unknown as Cell];
  const { features, notices } = learned(boolean(), cells);
  assertEquals(features, { x: [1, 0, 1, 0, 1, 1, 0, 1, 1, 1] });
  assertEquals(notices, [{ column: "x", what: "unread", count: 1, examples: ["maybe"] }]);
  assertEquals(learned(boolean({ keepMissing: true }), ["y", null, "n"]).features, {
    x: [1, NaN, 0],
  });
  assertThrows(
    () => featureSet({ target, columns: { x: boolean({ yes: ["a"], no: ["a"] }) } }),
    UsageError,
    '"a" of column "x" has two meanings',
  );
});

Deno.test("dates: parts are those of the calendar, for every day of 450 years", () => {
  const first = Date.UTC(1850, 0, 1);
  const days = Array.from({ length: 164_360 }, (_, day) => new Date(first + day * 86_400_000));
  const spec = date({
    parts: ["year", "month", "day", "weekday", "dayOfYear"],
    age: { at: "2000-01-01" },
  });
  const { features } = learned(spec, days.map((day) => day.toISOString().slice(0, 10)));
  const expected = {
    x_year: days.map((day) => day.getUTCFullYear()),
    x_month: days.map((day) => day.getUTCMonth() + 1),
    x_day: days.map((day) => day.getUTCDate()),
    x_weekday: days.map((day) => (day.getUTCDay() + 6) % 7),
    x_dayOfYear: days.map((day) => 1 + (+day - Date.UTC(day.getUTCFullYear(), 0, 1)) / 86_400_000),
    x_age: days.map((day) => (Date.UTC(2000, 0, 1) - +day) / 86_400_000),
  };
  assertEquals(features, expected);
});

Deno.test("dates: day and hour are those that are written, whatever the offset; what is no date is told", () => {
  const cells = [
    ...["2024-01-31T23:30", "2024-01-31 23:30:00Z", "2024-01-31T23:30:00.123+00:00", "2024-01-31"],
    ...["2024-01-31T23:30+01:00", "2024-01-31 23:30-0530", "2024-01-31T23:30:15+14"],
    ...["2024-01-31+01:00", "2024-01-31T23:30+1", "2023-02-29", "31.01.2024", "", null],
  ];
  const { features, notices } = learned(date({ parts: ["day", "hour"], keepMissing: true }), cells);
  assertEquals(features, {
    x_day: [31, 31, 31, 31, 31, 31, 31, NaN, NaN, NaN, NaN, NaN, NaN],
    x_hour: [23, 23, 23, 0, 23, 23, 23, NaN, NaN, NaN, NaN, NaN, NaN],
  });
  assertEquals(notices?.map(({ what, count }) => [what, count]), [["unread", 4]]);
});

Deno.test("dates: a declaration that contradicts itself is refused", () => {
  const refused = (spec: ColumnSpec, message: string) =>
    assertThrows(() => featureSet({ target, columns: { x: spec } }), UsageError, message);
  refused(date({}), 'column "x" has neither parts nor age');
  refused(date({ parts: ["day", "day"] }), "repeat");
  refused(date({ parts: ["week" as "day"] }), 'part "week"');
  refused(date({ age: { at: "1.1.2024" } }), '"1.1.2024", wanted a date');
});

Deno.test("patterns: one that cannot be read back is refused", () => {
  const parts = [{ weight: 60, digits: "[0-9]{1,2}" }, { weight: 1, digits: "[0-5]?[0-9]" }];
  const clock = { format: "{}:{}", separator: ":", parts, example: "7:30" };
  const refused = (change: object, message: string) =>
    assertThrows(() => pattern({ ...clock, ...change }), UsageError, message);
  refused({ example: "7.30" }, 'the example "7.30" has another form');
  refused({ separator: " " }, 'do not stand alone between " "');
  refused({ format: "{}" }, '1 places "{}" for 2 parts');
  refused(
    { parts: [parts[0], { weight: 1, digits: "[0-9]{1,2}" }] },
    "match 60, which is 60 or more",
  );
  refused({ parts: [parts[0], { weight: 1, digits: ".*" }] }, "may match something else");
  refused({ parts: [parts[0], { weight: 1, digits: "[0-9]?" }] }, "match nothing too");
  refused({ parts: [parts[1], parts[0]] }, "weights do not fall");
  refused(
    { parts: [{ weight: 7, digits: "[0-9]" }, { weight: 2, digits: "[0-3]" }] },
    "does not divide",
  );
});

Deno.test("understood: values that a column knows or that mean a missing one", () => {
  const cells = ["7", "8", "7"];
  const specs: [ColumnSpec, Cell[], known: string[], unknown: string[]][] = [
    [oneHot({ missing: ["-"] }), cells, ["7", "7.0", "8", "-", "", "NA"], ["9", "7.00"]],
    [ordinal(["7", "8"]), cells, ["8.0", ""], ["9"]],
    [boolean(), ["yes", "no"], ["f", "1.0", "nan"], ["maybe"]],
    [multiHot(), ["a, b", "c"], ["a", "c,b", "", " a", ", "], ["d", "a,d"]],
    [date({ parts: ["day"] }), ["2024-01-01"], ["2023-12-31T10:00", ""], ["1.1.2024"]],
  ];
  for (const [spec, seen, known, unknown] of specs) {
    const [fitted] = learned(spec, seen).state.columns;
    const understood = kindOf(fitted).understands(fitted);
    for (const text of known) assertEquals(understood(text), true, `${spec.kind}: ${text}`);
    for (const text of unknown) assertEquals(understood(text), false, `${spec.kind}: ${text}`);
  }
});
