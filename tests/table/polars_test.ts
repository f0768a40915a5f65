import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import { DataError } from "../../src/base/mod.ts";
import type { Table } from "../../src/dataset/mod.ts";
import { fromPolars } from "../../src/table/polars.ts";
import { toPolars } from "./to_polars.ts";

Deno.test("fromPolars turns every plain type into text, numbers or null", () => {
  const frame = pl.DataFrame([
    pl.Series("whole", [1, 2, null], pl.Int64),
    pl.Series("share", [0.5, NaN, null], pl.Float64),
    pl.Series("flag", [true, false, null], pl.Bool),
    pl.Series("day", [new Date(0), new Date(86_400_000), null], pl.Date),
    pl.Series("time", [new Date(0), new Date(1000), null]),
    pl.Series("kind", ["a", "b", null]).cast(pl.Categorical),
    pl.Series("nothing", [null, null, null], pl.Utf8),
  ]);
  assertEquals(fromPolars(frame), {
    rows: 3,
    columns: {
      whole: [1, 2, null],
      share: [0.5, null, null],
      flag: ["true", "false", null],
      day: ["1970-01-01", "1970-01-02", null],
      time: ["1970-01-01T00:00:00.000Z", "1970-01-01T00:00:01.000Z", null],
      kind: ["a", "b", null],
      nothing: [null, null, null],
    },
  });
});

Deno.test("fromPolars keeps 64-bit identifiers exact as text", () => {
  const ids = ["9007199254740993", "1", null];
  const frame = pl.DataFrame([pl.Series("id", ids, pl.Utf8).cast(pl.Int64)]);
  assertEquals(fromPolars(frame).columns.id, ids);
});

Deno.test("fromPolars refuses nested columns by name", () => {
  const frame = pl.DataFrame({ tags: [["x"], ["y"]] });
  assertThrows(() => fromPolars(frame), DataError, 'column "tags" holds nested values (List)');
});

Deno.test("toPolars and fromPolars give back the same table", () => {
  const table: Table = {
    rows: 3,
    columns: { Age: [28, null, -500], Name: ["Roe", null, "Doe"], Mixed: ["1", null, "x"] },
  };
  const frame = toPolars(table);
  assertStrictEquals(frame.getColumn("Age").dtype.variant, "Float64");
  assertEquals(fromPolars(frame), table);
});

Deno.test("toPolars makes text of a column that mixes text and numbers", () => {
  const frame = toPolars({ rows: 2, columns: { Age: [28, "28_"] } });
  assertEquals(fromPolars(frame).columns.Age, ["28", "28_"]);
});
