/** Candidates for the best model: a sampler and a learner, as plain data. */

import type { DetectorSpec } from "../anomaly/mod.ts";
import { nearestName, UsageError } from "../base/mod.ts";
import {
  bagFeatures,
  categoricalFeatures,
  featureColumns,
  type FeatureState,
} from "../features/mod.ts";
import {
  bagReaders,
  type CalibrationParams,
  type LearnerSpec,
  lookAtNothing,
  type RegressorSpec,
  type SequenceLearnerSpec,
  takesSetting,
} from "../learners/mod.ts";
import { samplerOf, type SamplerSpec } from "../samplers/mod.ts";

/** By how a column may move predictions: only up (1) or only down (−1). */
export type MonotoneColumns = Readonly<Record<string, -1 | 0 | 1>>;

/**
 * A learner's spec with its constraints by the names of columns instead of their
 * places, and without those of categories, which the features tell.
 */
export type Named<Spec> = Spec extends { readonly monotone?: unknown }
  ? Omit<Spec, "monotone" | "categorical"> & { readonly monotone?: MonotoneColumns }
  : Omit<Spec, "categorical">;

/** A learner to compare: its kind, its parameters, and what stands beside them. */
export type LearnerChoice =
  | Named<LearnerSpec>
  | Named<RegressorSpec>
  | SequenceLearnerSpec
  | DetectorSpec;

/** A learner of any task, as a candidate keeps it. */
export interface CandidateLearner {
  /** Which learner. */
  readonly kind: string;
  /** Its parameters; defaults if they are left out. */
  readonly params?: object;
  /** Directions by raw column, or by feature. */
  readonly monotone?: MonotoneColumns | null;
  /** When a boosting stops adding rounds. */
  readonly earlyStopping?: { readonly rounds: number; readonly share?: number } | null;
  /** How probabilities are calibrated. */
  readonly calibration?: CalibrationParams | null;
}

/** One competitor, as plain data that crosses to workers, the metadata and MLflow. */
export interface Candidate {
  /** Its name, as `Over_RandomForest`; unique in a training. */
  readonly name: string;
  /** How the classes of training rows are balanced; absent if nothing is. */
  readonly sampler?: SamplerSpec;
  /** What learns. */
  readonly learner: CandidateLearner;
}

/**
 * All combinations of samplers and learners, learner by learner. A candidate is
 * called by its sampler and learner; those that differ in parameters only, by these too.
 *
 * @throws {UsageError} if there is no learner, or two candidates are the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const candidates = grid({
 *   sampler: ["none", "smote"],
 *   learner: [{ kind: "randomForest" }, { kind: "gradientBoosting", params: { maxDepth: 3 } }],
 * });
 * assertEquals(candidates.map(({ name }) => name), [
 *   "Baseline_RandomForest", "SMOTE_RandomForest",
 *   "Baseline_GradientBoosting", "SMOTE_GradientBoosting",
 * ]);
 * ```
 */
export function grid(
  { sampler: samplers, learner: learners }: {
    readonly sampler?: readonly SamplerSpec[];
    readonly learner: readonly LearnerChoice[];
  },
): Candidate[] {
  if (learners.length === 0 || samplers?.length === 0) {
    throw new UsageError("Cannot make candidates of an empty list", {
      next: "give at least one learner, and one sampler or none at all",
    });
  }
  const all = learners.flatMap((learner) =>
    samplers === undefined ? [{ learner }] : samplers.map((sampler) => ({ sampler, learner }))
  ) as Omit<Candidate, "name">[];
  const plain = all.map(plainName);
  return all.map((candidate, i) => {
    const own = settings(candidate);
    const alike = all.filter((other, j) => other !== candidate && plain[j] === plain[i])
      .map(settings);
    const differs = (key: string) => alike.some((other) => other[key] !== own[key]);
    const isThere = (other: Record<string, string>) =>
      Object.keys({ ...own, ...other }).every((key) => other[key] === own[key]);
    if (alike.some(isThere)) {
      throw new UsageError(`Cannot compare "${plain[i]}" with itself: it is there twice`, {
        next: "leave one out, or give them different parameters",
      });
    }
    const telling = Object.keys(own).filter(differs);
    const suffix = telling.map((key) => `_${key}_${own[key]}`).join("");
    return { name: (plain[i] + suffix).replaceAll(/[^\w.-]+/g, "-"), ...candidate };
  });
}

function plainName({ sampler, learner }: Omit<Candidate, "name">): string {
  const named = learner.kind[0].toUpperCase() + learner.kind.slice(1);
  return sampler === undefined ? named : `${samplerOf(sampler).name}_${named}`;
}

/** All that is set on a candidate, flat, as text. */
function settings({ sampler, learner }: Omit<Candidate, "name">): Record<string, string> {
  const { kind: _kind, params = {}, ...beside } = learner;
  const ofSampler = typeof sampler === "object" ? sampler.params ?? {} : {};
  return Object.fromEntries(
    Object.entries({ ...ofSampler, ...params, ...beside })
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [
        key,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
  );
}

/** The name of a candidate's sampler in reports; none if nothing is sampled. */
export function samplerName({ sampler }: Candidate): string | undefined {
  return sampler === undefined ? undefined : samplerOf(sampler).name;
}

/** The kinds of learner and sampler that it is made of: the code of others does not count for it. */
export function kindsOf({ sampler, learner }: Pick<Candidate, "sampler" | "learner">): string[] {
  if (sampler === undefined) return [learner.kind];
  return [learner.kind, typeof sampler === "string" ? sampler : sampler.kind];
}

/** Whether a candidate's training rows are changed before it learns. */
export function resamples({ sampler }: Candidate): boolean {
  return sampler !== undefined && sampler !== "none" &&
    !(typeof sampler === "object" && sampler.kind === "none");
}

/**
 * The learner of a candidate with the constraints of columns, and the columns of
 * categories, at their places in the matrix. A raw column stands for its feature; where it becomes several, one
 * of them is named.
 *
 * @throws {UsageError} for a column that is not there, or becomes several
 * features; and where columns hold categories which the learner cannot tell from numbers, or
 * texts which it cannot read.
 */
export function placedLearner<Spec>({ learner }: Candidate, state: FeatureState): Spec {
  if (lookAtNothing.includes(learner.kind)) return learner as Spec;
  const { monotone, ...others } = learner;
  const categorical = categoricalFeatures(state);
  if (categorical.length > 0 && !takesSetting(learner.kind, "categorical")) {
    const name = state.features[categorical[0]];
    throw new UsageError(
      `Cannot fit ${learner.kind} to column "${name}": it holds categories, which only trees split`,
      { next: `declare column "${name}" with oneHot(), or leave out the learner ${learner.kind}` },
    );
  }
  const [bag] = bagFeatures(state);
  if (bag !== undefined && !bagReaders.includes(learner.kind)) {
    const readers = bagReaders.join(", ");
    throw new UsageError(
      `Cannot fit ${learner.kind} to column "${bag}": it holds texts, which only ${readers} read`,
      { next: `choose one of ${readers}, or leave out the learner ${learner.kind}` },
    );
  }
  const rest = { ...others, ...categorical.length > 0 && { categorical } };
  if (!monotone) return rest as Spec;
  const columns = featureColumns(state);
  const places = new Array<number>(state.features.length).fill(0);
  for (const [name, direction] of Object.entries(monotone)) {
    const exact = state.features.indexOf(name);
    const own = exact >= 0 ? [exact] : [...columns.keys()].filter((j) => columns[j] === name);
    if (own.length === 1 && direction !== 0 && categorical.includes(own[0])) {
      throw new UsageError(
        `Cannot hold predictions monotone in "${name}": it holds categories, which have no order`,
        { next: `leave "${name}" out of monotone, or declare it with ordinal()` },
      );
    }
    if (own.length === 1) {
      places[own[0]] = direction;
      continue;
    }
    const known = own.length === 0 ? [...new Set(columns)] : own.map((j) => state.features[j]);
    const near = nearestName(name, known);
    throw new UsageError(
      `Cannot hold predictions monotone in "${name}": ` +
        (own.length === 0 ? "there is no such column" : `it becomes ${own.length} features`),
      {
        next: (near === undefined ? "name" : `did you mean "${near}"? Name`) +
          ` one of ${known.join(", ")}`,
      },
    );
  }
  return { ...rest, monotone: places } as Spec;
}

/** What decides between candidates that score about the same: less first. */
export function complexity(candidate: Candidate): readonly number[] {
  const { kind, params } = candidate.learner;
  const { nEstimators = 100, maxDepth = 6, numLeaves } = (params ?? {}) as {
    readonly nEstimators?: number;
    readonly maxDepth?: number | null;
    readonly numLeaves?: number | null;
  };
  const isPlain = /regression$|^linearSvm$|^dummy$/i.test(kind);
  // A tree without limits is as deep as its data let it; no limit is more than any.
  const leaves = Math.min(numLeaves ?? Infinity, 2 ** Math.min(maxDepth ?? 30, 30));
  return [Number(resamples(candidate)), Number(!isPlain), isPlain ? 0 : nEstimators * leaves];
}
