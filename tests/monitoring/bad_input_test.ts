import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DataError, ModelError, UsageError } from "../../src/base/mod.ts";
import { driftPage } from "../../src/monitoring/mod.ts";
import { driftJson, driftJsonOf } from "../../src/monitoring/report/drift_json.ts";
import { windowOf, windowText } from "../../src/monitoring/sides/window.ts";
import { compareFiles, find, inFolder, noise, now, writeCsv } from "./files.ts";

const number = (row: number) => noise(row).toFixed(9);
const later = (row: number) => noise(row, 1).toFixed(9);

async function rejects(work: () => Promise<unknown>, kind: typeof DataError, words: RegExp) {
  const error = await assertRejects(work, kind);
  assert(words.test(`${error.message}; ${(error as DataError).next}`), `${error.message}`);
}

Deno.test("drift: files without a common column are refused, naming what they have", () =>
  rejects(
    () => compareFiles({ rows: 60, columns: { a: number } }, { rows: 60, columns: { b: number } }),
    DataError,
    /no column of the reference \(a\) is in the current data \(b\).*same source/,
  ));

Deno.test("drift: a column of another type is drift of the gravest kind", async () => {
  const words = (row: number) => ["red", "green", "blue"][row % 3];
  const { inputs } = await compareFiles(
    { rows: 200, columns: { a: number, same: number } },
    { rows: 200, columns: { a: words, same: later } },
  );
  assertEquals(inputs.columns.map(({ column, severity }) => [column, severity]), [
    ["a", "high"],
    ["same", "none"],
  ]);
});

Deno.test("drift: odd columns give a verdict each, and a page and data of all", async () => {
  const same = {
    constant: () => 5,
    missing: () => null,
    dates: (row: number) => `2026-0${1 + row % 9}-1${row % 10}`,
    text: (row: number) => `the order ${row} came late and ${row * 7} were broken`,
    many: (row: number) => `level ${Math.floor(1000 * noise(row))}`,
  };
  const found = await compareFiles(
    { rows: 2000, columns: { ...same, key: (row) => `k${row}`, became: number, gone: number } },
    {
      rows: 2000,
      columns: {
        ...same,
        many: (row) => `level ${Math.floor(1000 * noise(row, 2))}`,
        key: (row) => `n${row}`,
        became: () => 1,
        gone: () => null,
        fresh: number,
      },
    },
  );
  const of = Object.fromEntries(found.inputs.columns.map((column) => [column.column, column]));
  assertEquals(Object.keys(of).sort(), [
    "became",
    "constant",
    "dates",
    "gone",
    "many",
    "missing",
    "text",
  ]);
  for (const calm of ["constant", "missing", "dates", "many"]) {
    assertEquals([calm, of[calm].drifted], [calm, false]);
  }
  assertEquals([of.became.severity, of.gone.missing_drifted, of.gone.severity], [
    "high",
    true,
    "high",
  ]);
  assertEquals(found.inputs.new_columns, ["fresh"]);
  assertEquals(driftJsonOf(found, now).identifiers, ["key"]);
  assertEquals([of.text.kind, of.dates.kind], ["text", "date"]);

  const page = await driftPage(found, now);
  for (
    const words of ["Not compared: key (names rows)", "Not so before: became"]
  ) {
    assert(page.includes(words), words);
  }
  assert(
    !/NaN|undefined|Infinity/.test(
      page.replaceAll(/<script[\s\S]*?<\/script>/g, "").replaceAll('data-value="NaN"', ""),
    ),
  );
  const data = driftJsonOf(found, now);
  assertEquals(driftJson.parse(JSON.parse(JSON.stringify(data))), data);
});

Deno.test("drift: a single row, a few rows and repeated rows are compared, not believed", async () => {
  const one = await compareFiles(
    { rows: 300, columns: { a: number, b: (row) => row % 3 } },
    { rows: 1, columns: { a: () => 0.5, b: () => 1 } },
  );
  assertEquals([one.inputs.drifted, one.inputs.current_rows], [false, 1]);
  assert((await driftPage(one, now)).includes("No drift"));
  const repeated = await compareFiles(
    { rows: 300, columns: { a: number } },
    { rows: 300, columns: { a: (row) => number(row % 100) } },
  );
  assertEquals([repeated.reference.duplicates, repeated.current.duplicates], [0, 200]);
});

Deno.test("drift: hundreds of columns give a page of bounded size", async () => {
  const wide = Deno.args.includes("--full") ? 5000 : 500;
  const columns = (stream: number) =>
    Object.fromEntries(
      Array.from({ length: wide }, (_, j) => [
        `c${j}`,
        (row: number) => (noise(row, 10 * j + stream) + (j < 3 ? stream : 0)).toFixed(3),
      ]),
    );
  const found = await compareFiles({ rows: 100, columns: columns(0) }, {
    rows: 100,
    columns: columns(1),
  });
  assert(found.inputs.drifted_columns >= 3);
  const page = await driftPage(found, now);
  assert(page.length < 6e6, `${page.length} bytes`);
  assertEquals(page.match(/<details /g)?.length, 60);
  assertEquals(page.match(/class="spark"/g)?.length, Math.min(400, wide));
});

Deno.test("drift: what is not there is told with the next step", () =>
  inFolder(async (folder) => {
    const file = join(folder, "a.csv");
    await writeCsv(file, 60, { a: number });
    const models = join(folder, "models");
    await rejects(
      () => find({ current: file, models }),
      ModelError,
      /holds no model; train one with deno task pipeline train/,
    );
    await rejects(
      () => find({ current: join(folder, "b.csv"), reference: file, model: "none" }),
      DataError,
      /there is no such file/,
    );
    await rejects(
      () => find({ current: join(folder, "predictions"), reference: file, models }),
      ModelError,
      /there is no model; train a model first/,
    );
    await rejects(
      () => find({ current: file, reference: file, model: "none", time: "when" }),
      DataError,
      /column "when" is missing; name a column/,
    );
  }));

Deno.test("drift: windows that say nothing, or two things, are refused", async () => {
  const none = { since: "", from: "", to: "" };
  assertEquals(
    windowOf({ ...none, since: "24h" }, now).from?.toISOString(),
    "2026-11-20T12:00:00.000Z",
  );
  assertEquals(windowText(windowOf(none, now)), "all of it");
  for (
    const wrong of [
      { ...none, since: "yesterday" },
      { ...none, since: "0h" },
      { ...none, from: "soon" },
      { ...none, since: "1h", from: "2026-01-01" },
      { ...none, from: "2026-02-01", to: "2026-01-01" },
    ]
  ) {
    await assertRejects(() => Promise.resolve().then(() => windowOf(wrong, now)), UsageError);
  }
});
