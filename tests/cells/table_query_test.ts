import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import pl from "nodejs-polars";
import { UsageError } from "../../src/base/mod.ts";
import { tabularData } from "../../src/cells/frame.ts";
import { TableAnswers } from "../../src/cells/table_comm.ts";
import { columnStatistics, queryRows, type TableQuery } from "../../src/cells/table_query.ts";

const frame = tabularData([
  { Age: 28, Job: "Lawyer", City: "Bonn" },
  { Age: null, Job: "doctor", City: "Köln" },
  { Age: 61, Job: null, City: "bonn" },
  { Age: -5, Job: "Doctor", City: "Kiel" },
  { Age: 28, Job: "Cook", City: "Ulm" },
]);

const rows = async (query: TableQuery) => [...await queryRows(frame, query)];

Deno.test("table query: searches, filters and sorts, missing values last", async () => {
  const cases: [TableQuery, number[]][] = [
    [{}, [0, 1, 2, 3, 4]],
    [{ search: "BONN" }, [0, 2]],
    [{ search: "28" }, [0, 4]],
    [{ filters: [{ column: 1, text: "doc" }] }, [1, 3]],
    [{ filters: [{ column: 0, text: "> 28" }] }, [2]],
    [{ filters: [{ column: 0, text: ">=28" }] }, [0, 2, 4]],
    [{ filters: [{ column: 0, text: "< 0" }] }, [3]],
    [{ filters: [{ column: 0, text: "-5..28" }] }, [0, 3, 4]],
    [{ filters: [{ column: 0, text: "28" }, { column: 2, text: "u" }] }, [4]],
    [{ filters: [{ column: 0, text: "!= 28" }] }, [2, 3]],
    [{ filters: [{ column: 0, text: "  " }] }, [0, 1, 2, 3, 4]],
    [{ sort: { column: 0 } }, [3, 0, 4, 2, 1]],
    [{ sort: { column: 0, descending: true } }, [2, 0, 4, 3, 1]],
    [{ sort: { column: 1 } }, [4, 3, 0, 1, 2]],
    [{ sort: { column: 1, descending: true } }, [1, 0, 3, 4, 2]],
  ];
  for (const [query, wanted] of cases) {
    assertEquals(await rows(query), wanted, JSON.stringify(query));
  }
});

Deno.test("table query: a filter that cannot be read is refused with its text", async () => {
  for (const text of ["> many", "..", "a..b", ">"]) {
    const error = await assertRejects(
      () => queryRows(frame, { filters: [{ column: 0, text }] }),
      UsageError,
    );
    assertStringIncludes(error.message, `Cannot read the filter "${text}" of Age`);
  }
  await assertRejects(() => queryRows(frame, { sort: { column: 9 } }), UsageError);
});

Deno.test("table query: statistics are those of Polars", () => {
  const values = Array.from({ length: 101 }, (_, i) => i % 10 === 0 ? null : (i * 37) % 101 / 4);
  const table = pl.DataFrame({ value: values });
  const series = table.getColumn("value");
  const told = columnStatistics(tabularData(table), 0);
  const short = (value: number) => String(Number(value.toPrecision(6)));
  assertStringIncludes(told, "value (Float64): 90 values, 11 missing, 90 different");
  const quantile = (p: number) => {
    const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
  };
  assertStringIncludes(
    told,
    `min ${short(series.min() as number)}  quartiles ${short(quantile(0.25))} ` +
      `${short(series.median() as number)} ${short(quantile(0.75))}  ` +
      `max ${short(series.max() as number)}`,
  );
  assertStringIncludes(told, `mean ${short(series.mean() as number)}`);
  assertStringIncludes(columnStatistics(frame, 1), "4 values, 1 missing, 4 different\n  Cook: 1");
});

Deno.test("table query: a newer question overtakes an older one, pages are cut from one answer", async () => {
  const big = tabularData({
    rows: 200_000,
    columns: { n: Array.from({ length: 200_000 }, (_, i) => i) },
  });
  const answers = new TableAnswers(big);
  const older = answers.to({ ask: 1, want: "rows", query: { search: "7" } });
  const newer = answers.to({ ask: 2, want: "rows", query: { offset: 40, limit: 2 } });
  assertEquals(await older, undefined);
  assertEquals(await newer, { total: 200_000, start: 40, rows: [[40, "40"], [41, "41"]] });
  assertEquals(
    await answers.to({
      ...{ ask: 3, want: "rows" },
      query: { filters: [{ column: 0, text: "> x" }] },
    }),
    { error: 'Cannot read the filter "> x" of n; write it as > 1, <= 5, 2..5 or = 3' },
  );
});
