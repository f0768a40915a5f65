import { assertEquals } from "@std/assert";
import { join } from "../../../src/base/mod.ts";
import { parquet } from "../../../src/table/mod.ts";
import pl from "nodejs-polars";

Deno.test("slices: each text is there once in the order of the rows, empty ones are missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "rows.parquet");
    pl.DataFrame([
      pl.Series("job", ["Cook", null, "", "Smith", "Cook", "", "Judge", null], pl.Utf8),
      pl.Series("none", ["", null, "", null, "", "", "", ""], pl.Utf8),
      pl.Series("age", [3, null, 5, 0, 1, 2, 3, 4], pl.Float64),
      pl.Series("count", [1, 2, null, 4, 5, 6, 7, 8], pl.Int64),
    ]).writeParquet(path);
    const { readSlice } = await parquet();
    const { rows, columns } = readSlice(path, ["job", "none", "age", "count"], 1, 7);
    assertEquals(rows, 7);
    assertEquals(columns, {
      job: {
        kind: "texts",
        codes: Int32Array.of(-1, -1, 0, 1, -1, 2, -1),
        distinct: ["Smith", "Cook", "Judge"],
      },
      none: { kind: "texts", codes: new Int32Array(7).fill(-1), distinct: [] },
      age: { kind: "numbers", values: Float64Array.of(NaN, 5, 0, 1, 2, 3, 4) },
      count: { kind: "numbers", values: Float64Array.of(2, NaN, 4, 5, 6, 7, 8) },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
