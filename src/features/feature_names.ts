/** Names of features: none twice, none that an exported model gives to something else. */

import { DataError } from "../base/mod.ts";
import { kindOf } from "./columns/kinds.ts";
import { numberFeatureNames } from "./columns/number_features.ts";
import type { ColumnState, FeatureState } from "./state.ts";

/** A feature and where it comes from. */
interface Origin {
  readonly feature: string;
  /** Name of the raw or derived column. */
  readonly column: string;
  /** Whether it may be NaN. */
  readonly gaps: boolean;
  /** Whether it is a code of categories. */
  readonly categorical: boolean;
}

/** Names of the features that a column becomes. */
export function featuresOf(state: ColumnState): string[] {
  return kindOf(state).features(state);
}

/** All features in the order of the matrix' columns. */
function originsOf({ columns, derived = [] }: Pick<FeatureState, "columns" | "derived">): Origin[] {
  return [
    ...columns.flatMap((column) => {
      const { categorical, ...kind } = kindOf(column);
      const gaps = kind.gaps(column);
      return featuresOf(column).map((feature) => ({
        ...{ feature, column: column.name, gaps, categorical },
      }));
    }),
    ...derived.flatMap((state) =>
      numberFeatureNames(state).map((feature, k) => ({
        feature,
        column: state.name,
        gaps: k === 0 && state.missing === "keep",
        categorical: false,
      }))
    ),
  ];
}

/** The raw or derived column of each feature, in the order of the matrix' columns. */
export function featureColumns(state: FeatureState): readonly string[] {
  return originsOf(state).map(({ column }) => column);
}

/**
 * Names of the features that may be NaN. Trees split by missing values and
 * linear models put the mean in their place; samplers that measure distances
 * refuse them.
 */
export function featuresWithGaps(state: FeatureState): string[] {
  return originsOf(state).filter(({ gaps }) => gaps).map(({ feature }) => feature);
}

/**
 * The places, among the matrix' columns, of the features that are codes of
 * categories. Trees split them by sets; to other learners their order is noise.
 */
export function categoricalFeatures(state: FeatureState): number[] {
  return originsOf(state).flatMap(({ categorical }, at) => categorical ? [at] : []);
}

/** Names of the features that hold bags of terms, as those of texts; only some learners read them. */
export function bagFeatures({ columns }: Pick<FeatureState, "columns">): string[] {
  return columns.flatMap((column) => kindOf(column).bag === null ? [] : featuresOf(column));
}

/**
 * The places, among the matrix' columns, of the features that a raw or derived
 * column becomes, or of the one feature of that name; empty if there is none.
 */
export function featureIndices(state: FeatureState, name: string): number[] {
  const origins = originsOf(state);
  const pick = (holds: (origin: Origin) => boolean) =>
    origins.flatMap((origin, at) => holds(origin) ? [at] : []);
  const own = pick(({ column }) => column === name);
  return own.length > 0 ? own : pick(({ feature }) => feature === name);
}

/** Why a name cannot be that of a feature or raw column; undefined if it can. */
export function nameFault(name: string): string | undefined {
  if (name === "label" || name === "prediction" || name.startsWith("probability_")) {
    return "is what an exported model calls an output";
  }
  if (name.startsWith("/")) return "starts with a slash, as the inner names of an exported model";
}

/**
 * Names of the features of fitted columns.
 *
 * @throws {DataError} if two have the same name, or one is named as an output.
 */
export function checkedFeatures(state: Pick<FeatureState, "columns" | "derived">): string[] {
  const columnOf = new Map<string, string>();
  return originsOf(state).map(({ feature, column }) => {
    const fault = columnOf.has(feature)
      ? `is also one of column "${columnOf.get(feature)}"`
      : nameFault(feature);
    columnOf.set(feature, column);
    if (fault === undefined) return feature;
    throw new DataError(
      `Cannot fit the features: feature "${feature}" of column "${column}" ${fault}`,
      { next: `rename column "${column}" in the table and in the feature set` },
    );
  });
}
