/** How good a model was lately, and what came of its answers for the business. */

import { effectiveCounts, estimatePerformance, realizedScores } from "../../drift/mod.ts";
import { isOfClasses } from "../../registry/mod.ts";
import { finite } from "../words.ts";
import type { ModelWatch } from "./model_watch.ts";
import { loggedMonth, monthErrors } from "../../series/mod.ts";
import { besideForecasts, saidAgain } from "./said.ts";
import type {
  BandedShare,
  BusinessRates,
  ForecastErrors,
  RecentQuality,
} from "../../monitor_files/mod.ts";
import { isWrong } from "./watched_claims.ts";

/** Standard errors of a band of 95 %. */
const Z = 1.96;

/** What is known of the latest answers. */
export function recentQuality({ state, model, claims }: ModelWatch): RecentQuality {
  const { metadata } = model;
  const { judged, predicted } = state;
  const isClassifier = metadata.class_labels.length > 0;
  const right = judged.map(([label, ...said]) => isWrong(metadata, label, said) ? 0 : 1);
  const { wrong } = claims;
  const kept = metadata.reference_performance;
  const classes = metadata.class_labels.length;
  return {
    accuracy: judged.length === 0 ? null : bandOf(right, state.judged_groups),
    expected_accuracy: wrong === undefined ? null : 1 - wrong.expected,
    scores: isClassifier && hasAll(judged, classes) ? scoresOf(judged, classes) : null,
    rmse: !["regression", "forecast"].includes(metadata.task.kind) || judged.length === 0
      ? null
      : Math.sqrt(judged.reduce((sum, [a, b]) => sum + (a - b) ** 2, 0) / judged.length),
    ...metadata.task.kind === "forecast" && judged.length > 0 && {
      forecasts: forecastsOf(judged, metadata.task.levels[0]),
    },
    estimated: isClassifier && kept !== undefined && isOfClasses(kept) && predicted.length > 0
      ? estimates(estimatePerformance(kept.performance, saidAgain(predicted, classes)))
      : null,
    business: businessOf(state, metadata),
  };
}

function forecastsOf(judged: readonly (readonly number[])[], level: number): ForecastErrors {
  const names = besideForecasts(level);
  const { overall, byAhead } = monthErrors(
    judged.map(([came, said, ...told]) =>
      loggedMonth(said, came, Object.fromEntries(told.map((value, k) => [names[k], value])))
    ),
  );
  return { overall, by_months_ahead: Object.fromEntries(byAhead) };
}

function estimates(found: ReturnType<typeof estimatePerformance>): RecentQuality["estimated"] {
  return Object.fromEntries(
    Object.entries(found).map(([name, { value, low, high }]) =>
      [name, { value: finite(value), low: finite(low), high: finite(high) }] as const
    ),
  );
}

function scoresOf(judged: readonly (readonly number[])[], classes: number) {
  const labels = Int32Array.from(judged, ([label]) => label);
  const found = realizedScores(labels, saidAgain(judged.map(([, ...rest]) => rest), classes));
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, finite(value)]));
}

const hasAll = (judged: readonly (readonly number[])[], classes: number) =>
  new Set(judged.map(([label]) => label)).size === classes;

function businessOf(
  { predicted, judged }: ModelWatch["state"],
  { decision, class_labels: classes }: ModelWatch["model"]["metadata"],
): BusinessRates | null {
  if (decision === undefined || classes.length !== 2) return null;
  const { label, threshold, costs } = decision;
  const code = classes.indexOf(label);
  const score = (own: readonly number[]) => own[1 + code];
  const approved = predicted.filter((own) => score(own) < threshold).length;
  const known = judged.map(([truth, ...own]) => ({ bad: truth === code, score: score(own) }));
  const passed = known.filter((one) => one.score < threshold);
  const costOf = (one: typeof known[number]) => {
    const refused = one.score >= threshold;
    if (refused === one.bad) return 0;
    return refused ? costs!.falsePositive : costs!.falseNegative;
  };
  return {
    label,
    threshold,
    approval_rate: predicted.length === 0 ? null : approved / predicted.length,
    reject_rate: predicted.length === 0 ? null : 1 - approved / predicted.length,
    default_rate_among_approved: passed.length === 0
      ? null
      : passed.filter(({ bad }) => bad).length / passed.length,
    ks: distance(known),
    cost: costs === undefined || known.length === 0
      ? null
      : known.reduce((sum, one) => sum + costOf(one), 0) / known.length,
  };
}

/** The greatest distance between the distributions of a score in two classes; null if one has no row. */
function distance(rows: readonly { readonly bad: boolean; readonly score: number }[]) {
  const bad = rows.filter((one) => one.bad).length;
  const good = rows.length - bad;
  if (bad === 0 || good === 0) return null;
  const rising = [...rows].sort((a, b) => a.score - b.score);
  let [most, apart] = [0, 0];
  rising.forEach((row, i) => {
    apart += row.bad ? 1 / bad : -1 / good;
    if (row.score !== rising[i + 1]?.score) most = Math.max(most, Math.abs(apart));
  });
  return most;
}

/** Wilson's interval of the share of right answers, in rows that are worth what their groups leave. */
function bandOf(right: readonly number[], groups: readonly (string | null)[]): BandedShare {
  const share = right.reduce((sum, one) => sum + one, 0) / right.length;
  const codes = new Map<string | number, number>();
  const own = groups.map((group, i) => {
    const code = codes.get(group ?? i) ?? codes.size;
    codes.set(group ?? i, code);
    return code;
  });
  const rows = codes.size === right.length
    ? right.length
    : effectiveCounts({ kind: "category", codes: right, vocabulary: ["wrong", "right"] }, own)
      .values;
  const middle = (share + Z * Z / (2 * rows)) / (1 + Z * Z / rows);
  const half = Z / (1 + Z * Z / rows) *
    Math.sqrt(share * (1 - share) / rows + Z * Z / (4 * rows * rows));
  return { value: share, low: middle - half, high: middle + half, rows: right.length };
}
