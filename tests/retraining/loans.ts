/** A pipeline of a project's own that learns in a second, with rows of two worlds. */

import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";

const pipeline = `
import { classes, featureSet, number, oneHot } from "../src/features/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { grid, training, trainingParams } from "../src/training/mod.ts";

export default pipeline("loans", {
  description: "Train the model of loans",
  params: trainingParams({}, { data: "data/raw/loans.csv", folds: 3 }),
}, (builder) =>
  void training(builder, {
    name: "loans",
    features: featureSet({
      target: classes("default", ["0", "1"], { positive: "1" }),
      columns: { income: number({ min: 0 }), purpose: oneHot() },
    }),
    candidates: grid({ learner: [{ kind: "gradientBoosting", params: { nEstimators: 20 } }] }),
    split: { kind: "stratified", test: 0.2 },
    select: "roc_auc",
  }));
`;

/** A loan. */
export interface Loan {
  readonly income: number;
  readonly purpose: string;
  readonly default: string;
}

/** Loans; of another world incomes are higher and it is the rich who default. */
export function loans(random: Random, rows: number, another = false): Loan[] {
  return Array.from({ length: rows }, () => {
    const income = Math.round(20 + random.int(60) + (another ? 25 : 0));
    const risk = another ? (income - 45) / 60 : (80 - income) / 60;
    const purpose = ["car", "home", "other"][random.int(3)];
    return { income, purpose, default: random.next() < 0.1 + 0.8 * risk ? "1" : "0" };
  });
}

/** Puts the pipeline and rows of the first world into a project. */
export async function addLoans(project: string): Promise<void> {
  await Deno.writeTextFile(join(project, "pipelines", "loans.ts"), pipeline);
  await Deno.mkdir(join(project, "data", "raw"), { recursive: true });
  const rows = loans(new Random(1), 1500);
  await Deno.writeTextFile(
    join(project, "data", "raw", "loans.csv"),
    ["income,purpose,default", ...rows.map((row) => Object.values(row).join(","))].join("\n"),
  );
}
