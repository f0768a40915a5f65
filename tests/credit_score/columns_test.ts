import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { drawCustomer } from "../../pipelines/credit_score/customer.ts";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import { monthsOf } from "../../pipelines/credit_score/months.ts";
import { rawColumns } from "../../pipelines/credit_score/raw_row.ts";
import { clean, type CleanData, type FeatureSet, fit } from "../../src/features/mod.ts";
import { quantileSorted, Random, sortedFinite } from "../../src/base/mod.ts";
import { readTable, type Table } from "../../src/table/mod.ts";

const publicData = "../shared/data/credit-score/train.csv";
const ignore = !await Deno.stat(publicData).then(() => true, () => false);

const cleaned = (table: Table, set: FeatureSet = creditFeatures) =>
  clean(set, table, { target: "required" });

/** Share of missing values of each column. */
function missingShares({ rows, columns }: CleanData): Record<string, number> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const missing = column.kind === "numbers"
        ? column.values.filter((value) => Number.isNaN(value)).length
        : column.codes.filter((code) => code < 0).length;
      return [name, missing / rows];
    }),
  );
}

function assertShares(
  actual: Record<string, number>,
  wanted: Record<string, number>,
  tolerance: number,
): void {
  for (const [name, share] of Object.entries(actual)) {
    assertAlmostEquals(share, wanted[name] ?? 0, tolerance, name);
  }
}

Deno.test("every raw column has its place, and becomes one of fifty features", () => {
  const { target, group, ignore, columns } = creditFeatures;
  const named = [target.column, group!, ...ignore!, ...Object.keys(columns)];
  assertEquals(named.toSorted(), [...rawColumns].toSorted());
  const data = cleaned(generateTable({ customers: 200, seed: 42 }));
  assertEquals(fit(creditFeatures, data).features.length, 50);
});

Deno.test("ranges believe all values of rows without dirt", () => {
  const columns: Record<string, string[]> = Object.fromEntries(rawColumns.map((n) => [n, []]));
  for (let index = 0; index < 500; index++) {
    const random = new Random(3, index);
    for (const row of monthsOf(drawCustomer(index, random, 0.5), index, random)) {
      for (const name of rawColumns) columns[name].push(row[name]);
    }
  }
  const { Type_of_Loan: withoutLoans, ...shares } = missingShares(
    cleaned({ rows: 4000, columns }),
  );
  assertShares(shares, {}, 0.001);
  const none = columns.Num_of_Loan.filter((loans) => loans === "0").length;
  assertEquals(withoutLoans, none / 4000);
});

Deno.test("generated cells that are missing or absurd are missing after cleaning", () => {
  const { Type_of_Loan: withoutLoans, ...shares } = missingShares(
    cleaned(generateTable({ customers: 2500, seed: 42 })),
  );
  assert(withoutLoans > 0.09 && withoutLoans < 0.15, `${withoutLoans}`);
  // Four standard errors of the largest rate at 20,000 rows are 1.1 points.
  assertShares(shares, {
    Age: 0.028,
    Occupation: 0.07,
    Annual_Income: 0.01,
    Monthly_Inhand_Salary: 0.15,
    Num_Bank_Accounts: 0.0133,
    Num_Credit_Card: 0.023,
    Interest_Rate: 0.02,
    Num_of_Loan: 0.0435,
    Num_of_Delayed_Payment: 0.084,
    Changed_Credit_Limit: 0.021,
    Num_Credit_Inquiries: 0.0365,
    Credit_Mix: 0.2,
    Credit_History_Age: 0.09,
    Payment_of_Min_Amount: 0.12,
    Total_EMI_per_month: 0.033,
    Amount_invested_monthly: 0.088,
    Payment_Behaviour: 0.076,
    Monthly_Balance: 0.0121,
  }, 0.0115);
});

Deno.test({
  name: `the public data has its known faults after cleaning (needs ${publicData})`,
  ignore,
  async fn() {
    const data = cleaned(await readTable(publicData));
    assertEquals(data.rows, 12_500);
    assertEquals(fit(creditFeatures, data).features.length, 50);
    // Counted with pandas on the same file, blanks forward-filled by its maker.
    assertShares(missingShares(data), {
      Age: 0.02552,
      Occupation: 0.0704,
      Annual_Income: 0.0091,
      Num_Bank_Accounts: 0.01368,
      Num_Credit_Card: 0.02368,
      Interest_Rate: 0.0216,
      Num_of_Loan: 0.04536,
      Type_of_Loan: 0.11408,
      Num_of_Delayed_Payment: 0.01504,
      Changed_Credit_Limit: 0.02032,
      Num_Credit_Inquiries: 0.01536,
      Credit_Mix: 0.20888,
      Payment_of_Min_Amount: 0.11504,
      Total_EMI_per_month: 0.03264,
      Amount_invested_monthly: 0.04464,
      Payment_Behaviour: 0.07984,
      Monthly_Balance: 0.00008,
    }, 0.0003);
  },
});

Deno.test({
  name: `generated values lie where the public ones do, class by class (needs ${publicData})`,
  ignore,
  async fn() {
    const generated = cleaned(generateTable({ customers: 2500, seed: 42 }));
    const published = cleaned(await readTable(publicData));
    const quantiles = ({ columns, labels }: CleanData, name: string, label?: number) => {
      const column = columns[name];
      if (column.kind !== "numbers") throw new Error(`${name} holds no numbers`);
      const sorted = sortedFinite(
        column.values.filter((_, i) => label === undefined || labels![i] === label),
      );
      return [0.1, 0.5, 0.9].map((q) => quantileSorted(sorted, q));
    };
    for (const [name, { kind }] of Object.entries(creditFeatures.columns)) {
      if (kind !== "number" && kind !== "pattern") continue;
      const [low, , high] = quantiles(published, name);
      for (const [label, className] of creditFeatures.target.classes.entries()) {
        const [, wanted] = quantiles(published, name, label);
        const [, median] = quantiles(generated, name, label);
        // Roughly: a quarter of the span that holds 80 % of all public values.
        assertAlmostEquals(median, wanted, 0.25 * (high - low), `${name} of ${className}`);
      }
    }
  },
});
