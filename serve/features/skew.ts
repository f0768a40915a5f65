/** Whether what serving reads from the feature store is what training joined. */

import { type ColumnStatistics, countStatistics } from "../../src/drift/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";

/** Values from which a share of them says something. */
const ENOUGH = 200;

/** The bin of a value that is missing. */
const MISSING = "missing";

/** The bin of a category that is not kept by name. */
const OTHER = "other";

/**
 * The bin of a value among those of the training: between its deciles, or its category.
 *
 * @returns undefined if the training kept nothing of the column.
 */
export function trainingBin(
  statistics: ColumnStatistics | undefined,
  value: number | string | null,
): string | undefined {
  if (statistics?.kind === "number") {
    if (typeof value !== "number") return MISSING;
    const { edges } = statistics.histogram;
    let bin = 0;
    while (bin < edges.length && value > edges[bin]) bin++;
    return String(bin);
  }
  if (statistics?.kind !== "category") return undefined;
  if (value === null) return MISSING;
  const name = String(value);
  return statistics.categories.some((category) => category.name === name) ? `=${name}` : OTHER;
}

/** Values that were read of a feature, by bin. */
export interface ReadValues {
  readonly model: string;
  readonly version: string;
  readonly feature: string;
  readonly bins: ReadonlyMap<string, number>;
}

/** How far apart they are. */
export interface FeatureSkew {
  readonly model: string;
  readonly version: string;
  readonly feature: string;
  /** The population stability index over the training's bins; above 0.1 they differ. */
  readonly value: number;
}

/** How far what was read is from what training joined, by feature; of 200 values and more. */
export function featureSkew(
  read: readonly ReadValues[],
  models: readonly Pick<ModelMetadata, "model_name" | "version" | "reference_statistics">[],
): FeatureSkew[] {
  return read.flatMap(({ model, version, feature, bins }) => {
    const metadata = models.find((one) => one.model_name === model && one.version === version);
    const statistics = metadata?.reference_statistics[feature];
    const count = [...bins.values()].reduce((sum, count) => sum + count, 0);
    if (statistics === undefined || count < ENOUGH) return [];
    const joined = joinedBins(statistics);
    const names = [...new Set([...joined.keys(), ...bins.keys()])].sort();
    const of = (counts: ReadonlyMap<string, number>) =>
      Float64Array.from(names, (name) => counts.get(name) ?? 0);
    const value = countStatistics.psi.measure(of(joined), of(bins)).score;
    return [{ model, version, feature, value }];
  });
}

function joinedBins(statistics: ColumnStatistics): Map<string, number> {
  const bins: [string, number][] = statistics.kind === "number"
    ? statistics.histogram.counts.map((count, bin) => [String(bin), count])
    : statistics.kind === "category"
    ? [
      ...statistics.categories.map(({ name, count }): [string, number] => [`=${name}`, count]),
      [OTHER, statistics.other],
    ]
    : [];
  return new Map([...bins, [MISSING, statistics.missing]]);
}
