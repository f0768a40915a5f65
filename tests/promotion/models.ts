/** Small loan models of one name: good ones, and each kind that must not be promoted. */

import { join } from "@std/path";
import { Random, sha256File } from "../../src/base/mod.ts";
import {
  classes,
  clean,
  type FeatureSet,
  featureSet,
  fit,
  inputSchema,
  number,
  oneHot,
  transform,
} from "../../src/features/mod.ts";
import { gradientBoosting } from "../../src/learners/mod.ts";
import {
  type Acceptance,
  type Bundle,
  type KeptFairness,
  saveBundle,
} from "../../src/registry/mod.ts";
import { takeTableRows } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { binary } from "../../src/training/mod.ts";
import { acceptanceOf } from "../../src/training/acceptance.ts";
import type { Findings } from "../../src/training/findings.ts";

/** Name of the models. */
export const name = "loans";

/** Rows that all models learn from; the others are held out. */
const TRAINED = 900;
const ROWS = 1500;

/** The columns of a model, without `purpose` one that an older caller could not use. */
export function loanFeatures(without?: "purpose"): FeatureSet {
  const columns = { income: number({ min: 0 }), rate: number(), purpose: oneHot() };
  const { purpose: _, ...fewer } = columns;
  return featureSet({
    target: classes("default", ["0", "1"], { positive: "1" }),
    columns: without === undefined ? columns : fewer,
  });
}

/** Writes the data: income and rate decide, purpose a little. */
export async function writeLoans(path: string): Promise<void> {
  const random = new Random(11);
  const lines = Array.from({ length: ROWS }, () => {
    const [income, rate] = [20 + 80 * random.next(), 2 + 18 * random.next()];
    const purpose = random.choice(["car", "home", "study"]);
    const risk = rate / 4 - income / 20 + (purpose === "study" ? 1 : 0);
    const defaulted = random.next() < 1 / (1 + Math.exp(-risk)) ? 1 : 0;
    const sex = random.choice(["f", "m"]);
    return [income.toFixed(2), rate.toFixed(2), purpose, sex, defaulted].join(",");
  });
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, `income,rate,purpose,sex,default\n${lines.join("\n")}\n`);
}

/** How a model is made. */
export interface ModelWish {
  /** Rounds of boosting. */
  readonly rounds?: number;
  /** Learns what means nothing. */
  readonly worthless?: boolean;
  /** Leaves a column out. */
  readonly without?: "purpose";
  /** A gate that it did not reach. */
  readonly missedGate?: boolean;
  /** Gates on fairness. */
  readonly fairness?: readonly KeptFairness[];
  /** The threshold that the business gives its deployment, in the place of one of its own. */
  readonly given?: { readonly threshold: number; readonly label: string };
  /** Run that made it. */
  readonly runId?: string;
}

let seconds = 0;

/** Trains a model on the file and saves it; each is a second later than the one before. */
export async function saveLoanModel(
  folder: string,
  data: string,
  wish: ModelWish = {},
  publish = false,
): Promise<Bundle> {
  const { rounds = 30, worthless = false, without, missedGate = false, fairness, runId } = wish;
  const { given } = wish;
  const set = loanFeatures(without);
  const table = await readTable(data);
  const rows = Int32Array.from({ length: TRAINED }, (_, row) => row);
  const cleaned = clean(set, takeTableRows(table, rows), { target: "required" });
  const state = fit(set, cleaned);
  const y = cleaned.labels!.slice();
  if (worthless) y.set(new Random(5).shuffle(y));
  const learner = gradientBoosting({ nEstimators: rounds });
  const model = await learner.fit(transform(state, cleaned), y, { classes: 2, seed: 1 });
  const fitted = { state, model, params: {} };
  const onnx = binary.export(fitted, set, { name, producerVersion: "0" });
  const kept: Acceptance = await acceptanceOf(binary, {
    scoring: { metrics: ["roc_auc"], select: "roc_auc" },
    folds: { random: [], test: Int32Array.from({ length: ROWS - TRAINED }, (_, i) => TRAINED + i) },
    source: { path: data },
    fitted,
    cleaned,
    experiment: { set, data: cleaned, seed: 1 },
    gates: {
      exitCode: 0,
      basis: "the test part",
      missed: [],
      gates: [{ metric: "roc_auc", value: missedGate ? 0.6 : 0.8, min: 0.7 }],
    },
  } as unknown as Findings);
  const moment = new Date(2026, 10, 21, 3, 0, seconds++);
  const digest = await sha256File(data);
  return await saveBundle(
    folder,
    onnx,
    moment,
    (version, model_digest) => ({
      model_name: name,
      name,
      version,
      timestamp: moment.toISOString(),
      model_digest,
      metrics: { roc_auc: 0.8 },
      feature_columns: state.features,
      ...binary.describe(set),
      input_schema: inputSchema(state),
      declared_features: set,
      feature_state: state,
      ...given === undefined && { decision: { threshold: 0.5, label: "1" } },
      data_digest: digest,
      run_id: runId ?? null,
      git_commit: null,
      package_versions: {},
      reference_statistics: {},
      acceptance: { ...kept, ...fairness && { fairness } },
    }),
    publish,
    given,
  );
}
