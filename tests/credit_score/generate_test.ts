import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dirname, join } from "@std/path";
import {
  customerRows,
  generateCsv,
  generateTable,
  writeDataSet,
} from "../../pipelines/credit_score/generate.ts";
import { faults } from "../../pipelines/credit_score/dirt.ts";
import { rawColumns } from "../../pipelines/credit_score/raw_row.ts";
import { readTable } from "../../src/table/mod.ts";

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("generateTable gives eight months for each customer in the columns of the public data", () => {
  const table = generateTable({ customers: 3, seed: 42 });
  assertEquals(table.rows, 24);
  assertEquals(Object.keys(table.columns), [...rawColumns]);
  assertEquals(table.columns.Month.slice(8, 16), [
    ...["January", "February", "March", "April", "May", "June", "July", "August"],
  ]);
  assertEquals(new Set(table.columns.Customer_ID).size, 3);
  assertEquals(new Set(table.columns.ID).size, 24);
});

Deno.test("generateTable is the same for a seed, and the start of a larger table", () => {
  const small = generateTable({ customers: 5, seed: 7 });
  const large = generateTable({ customers: 9, seed: 7 });
  for (const name of rawColumns) {
    assertEquals(large.columns[name].slice(0, 40), small.columns[name], name);
  }
  const other = generateTable({ customers: 5, seed: 8 });
  assert(String(other.columns.Outstanding_Debt) !== String(small.columns.Outstanding_Debt));
});

Deno.test("writeDataSet writes what readTable reads back as generateTable", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "new", "train.csv");
    const shares: number[] = [];
    const onProgress = (done: number) => shares.push(done);
    const options = { customers: 300, seed: 42 };
    assertEquals(await writeDataSet(path, { ...options, onProgress }), 2400);
    assertEquals(await readTable(path), generateTable(options));
    assertEquals(shares, [250 / 300, 1]);
    assertEquals([...Deno.readDirSync(dirname(path))].map(({ name }) => name), ["train.csv"]);
  });
});

Deno.test("writeDataSet leaves the old file and nothing else where it is stopped", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "train.csv");
    await Deno.writeTextFile(path, "old");
    const stop = new AbortController();
    await assertRejects(
      () =>
        writeDataSet(path, {
          customers: 1000,
          seed: 42,
          signal: stop.signal,
          onProgress: () => stop.abort(new Error("stopped by the test")),
        }),
      Error,
      "stopped by the test",
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  });
});

Deno.test("generateTable refuses a number of customers that is not whole or below 1", () => {
  for (const customers of [0, -1, 1.5, NaN]) {
    assertThrows(() => generateTable({ customers, seed: 42 }), RangeError, "whole number");
    assertThrows(() => generateCsv({ customers, seed: 42 }).next(), RangeError, "whole number");
  }
});

for (const seed of [42, 1, 2, 2026]) {
  Deno.test(`20,000 rows have the class balance of the public data (seed ${seed})`, () => {
    const counts: Record<string, number> = { Poor: 0, Standard: 0, Good: 0 };
    for (let index = 0; index < 2500; index++) {
      for (const row of customerRows(seed, index)) counts[row.Credit_Score]++;
    }
    const wanted = { Poor: 0.29, Standard: 0.53, Good: 0.18 };
    for (const [name, share] of Object.entries(wanted)) {
      assertAlmostEquals(counts[name] / 20_000, share, 0.01, name);
    }
  });
}

Deno.test("cells are spoiled at the declared rates", () => {
  const { rows, columns } = generateTable({ customers: 1500, seed: 42 });
  const share = (column: string, is: (text: string) => boolean) =>
    columns[column].filter((cell) => is(String(cell ?? ""))).length / rows;
  // Rows are independent here, so four standard errors leave one false alarm in 16,000.
  const close = (actual: number, wanted: number, what: string) =>
    assertAlmostEquals(actual, wanted, 4 * Math.sqrt(wanted * (1 - wanted) / rows), what);
  const markers: [string, string, number][] = [
    ["Age", "-500", 0.009],
    ["SSN", "#F%$D@*&8", 0.056],
    ["Occupation", "_______", 0.07],
    ["Num_of_Loan", "-100", 0.039],
    ["Changed_Credit_Limit", "_", 0.021],
    ["Credit_Mix", "_", 0.2],
    ["Payment_of_Min_Amount", "NM", 0.12],
    ["Amount_invested_monthly", "__10000__", 0.043],
    ["Payment_Behaviour", "!@9#%8", 0.076],
    ["Monthly_Balance", "__-333333333333333333333333333__", 0.0001],
    ["Name", "", 0.1],
    ["Monthly_Inhand_Salary", "", 0.15],
    ["Credit_History_Age", "", 0.09],
  ];
  for (const [column, marker, rate] of markers) {
    close(share(column, (text) => text === marker), rate, `${column} "${marker}"`);
  }
  close(share("Annual_Income", (text) => text.endsWith("_")), 0.07, "underscores");
  close(share("Age", (text) => Number(text) > 100), 0.019, "absurd ages");
  close(share("Interest_Rate", (text) => Number(text) > 50), 0.02, "absurd interest rates");
  for (const column of rawColumns) {
    if (!(column in faults) && column !== "Type_of_Loan") {
      assertEquals(share(column, (t) => t === ""), 0);
    }
  }
});

Deno.test("the months of a customer resemble each other", () => {
  const years = (text: string) => {
    const found = /^(\d+) Years and (\d+) Months$/.exec(text);
    return found && 12 * Number(found[1]) + Number(found[2]);
  };
  let sameClass = 0;
  let pairs = 0;
  for (let index = 0; index < 300; index++) {
    const rows = customerRows(42, index);
    const income = rows.map((row) => Number(row.Annual_Income.replace("_", "")))
      .filter((value) => value < 300_000);
    assertEquals(new Set(income).size <= 1, true, "one income");
    assertEquals(new Set(rows.map((row) => row.Outstanding_Debt.replace("_", ""))).size, 1);
    assertEquals(new Set(rows.map((row) => row.Type_of_Loan)).size, 1);
    const history = rows.flatMap((row, month) => {
      const inMonths = years(row.Credit_History_Age);
      return inMonths === null ? [] : [inMonths - month];
    });
    assert(new Set(history).size <= 1, "credit history grows by a month each month");
    for (let m = 1; m < rows.length; m++) {
      pairs++;
      if (rows[m].Credit_Score === rows[m - 1].Credit_Score) sameClass++;
    }
  }
  // Mostly stable, with some flips: independent months would agree in 40 %.
  assert(sameClass / pairs > 0.65 && sameClass / pairs < 0.9, `${sameClass / pairs}`);
});

Deno.test("names and social security numbers are made up", () => {
  for (let index = 0; index < 50; index++) {
    for (const { Name, SSN } of customerRows(42, index)) {
      assert(Name === "" || /^Customer \d{5}$/.test(Name));
      assert(SSN === "#F%$D@*&8" || SSN.startsWith("000-"), "the area 000 is never given out");
    }
  }
});
