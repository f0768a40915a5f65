/** Measures one column: distribution, missing values and new categories. */

import {
  type CategoryCounts,
  countCategories,
  countTexts,
  pairCounts,
  type PairedCounts,
} from "./category_counts.ts";
import { chosenCategoriesTest, chosenNumbersTest } from "./chosen_test.ts";
import { categoryDistribution } from "./distribution.ts";
import { effectiveCounts, firstOfEach, worthOf } from "./effective_sample_size.ts";
import { evidentlyCategories, evidentlyNumbers } from "./evidently_preset.ts";
import type { Finding, Rules } from "./finding.ts";
import { measureCounts } from "./measure_categories.ts";
import { countBothSides, measureNumbers } from "./measure_numbers.ts";
import { type Unseen, unseenOfCategories, unseenOfNumbers } from "./measure_unseen.ts";
import { measureMissing, type MissingValues, type Presence, presence } from "./missing_values.ts";
import { viewNumbers } from "./number_view.ts";
import type { DriftColumnKind } from "./result.ts";
import type {
  CategorySample,
  ColumnSample,
  NumberSample,
  PresenceStatistics,
  TextSample,
} from "./sample.ts";
import type {
  CategoryStatistics,
  EffectiveCounts,
  NumericStatistics,
} from "./column_statistics.ts";
import type { StatisticHead } from "./statistics/contract.ts";
import { chanceArea, type Separation } from "./statistics/domain_classifier.ts";
import {
  embeddingClassifierHead,
  embeddingDomainClassifier,
} from "./statistics/embedding_domain_classifier.ts";
import { textClassifierHead, textDomainClassifier } from "./statistics/text_domain_classifier.ts";
import { weigh } from "./weigh_counts.ts";

/** What was measured of a column, before all columns are judged together. */
export interface ColumnMeasure extends Finding {
  /** What the column holds. */
  readonly kind: DriftColumnKind;
  /** Share of missing values on each side, and the chance of their difference. */
  readonly missing: MissingValues;
  /** Values or categories that the reference does not have, if it tells. */
  readonly unseen: Unseen | null;
  /** Whether both sides hold something that cannot be compared. */
  readonly kindChanged: boolean;
}

type Numbers = NumberSample | NumericStatistics;
type Categories = CategorySample | CategoryStatistics | TextSample;

const untested = (note: string): Finding => ({
  test: null,
  pValue: null,
  effect: null,
  note,
  distribution: null,
});

/** Something of both sides. */
export interface Both<T> {
  readonly reference: T;
  /** Of the current data. */
  readonly current: T;
}

/**
 * Measures one column.
 *
 * @param groups Group of each value, for sides whose rows come in groups.
 * @throws {UsageError} if the preset needs rows that are gone.
 */
export function measureColumn(
  { reference, current }: Both<ColumnSample>,
  groups: Both<Int32Array | undefined>,
  rules: Rules,
): ColumnMeasure {
  const [r, c] = [presence(reference), presence(current)];
  // Evidently knows nothing of groups.
  const known = rules.preset === "calibrated"
    ? groups
    : { reference: undefined, current: undefined };
  const worth = {
    reference: worthOfSide(reference, r, known.reference),
    current: worthOfSide(current, c, known.current),
  };
  const missing = measureMissing(r, c, worth, rules.preset);
  const kind = r.count === 0 ? current.kind : reference.kind;
  const common = { kind, missing, unseen: null, kindChanged: false };
  if (r.count === 0 || c.count === 0) {
    const side = r.count > 0 ? "the current data" : c.count > 0 ? "the reference" : "both sides";
    return { ...common, ...untested(`no values in ${side}`) };
  }
  if (isNumbers(reference) && isNumbers(current)) {
    return { ...common, ...numbersFinding(reference, current, worth, rules) };
  }
  if (reference.kind === "date" && current.kind === "date") {
    return { ...common, ...untested("dates move on by themselves: only missing ones are tested") };
  }
  if (reference.kind === "text" && current.kind === "text") {
    return { ...common, ...textsFinding(reference, current, groups, rules) };
  }
  if (isCategories(reference) && isCategories(current)) {
    const counts = pairCounts(countOf(reference), countOf(current));
    return {
      ...common,
      kind: "category",
      ...categoriesFinding(counts, worth, rules),
      unseen: unseenOfCategories(
        counts,
        rules.preset === "calibrated" ? weighed(counts, worth) : undefined,
      ),
    };
  }
  const note = `the reference holds ${plural[reference.kind]}, the current data ${
    plural[current.kind]
  }`;
  return { ...common, ...untested(note), kindChanged: true };
}

const plural: Record<DriftColumnKind, string> = {
  number: "numbers",
  category: "categories",
  text: "texts",
  date: "dates",
};

function worthOfSide(
  sample: ColumnSample,
  { rows, count }: Presence,
  groups: Int32Array | undefined,
): EffectiveCounts {
  if ("count" in sample) return worthOf(sample);
  return groups ? effectiveCounts(sample, groups) : { values: count, rows, groups: rows };
}

function numbersFinding(
  reference: Numbers,
  current: Numbers,
  worth: Both<EffectiveCounts>,
  rules: Rules,
): Finding & Pick<ColumnMeasure, "unseen"> {
  const [r, c] = [
    viewNumbers(reference, worth.reference.values, rules.mostRows, rules.seed),
    viewNumbers(current, worth.current.values, rules.mostRows, rules.seed + 1),
  ];
  if (rules.preset === "evidently") {
    const test = rules.test;
    return { ...test ? chosenNumbersTest(test, r, c) : evidentlyNumbers(r, c), unseen: null };
  }
  const values = r.sorted && c.sorted && countBothSides(r.sorted, c.sorted, Infinity);
  return {
    ...rules.test === undefined
      ? measureNumbers(r, c, values, rules)
      : chosenNumbersTest(rules.test, r, c),
    unseen: unseenOfNumbers(r, c, values),
  };
}

function categoriesFinding(
  counts: PairedCounts,
  worth: Both<EffectiveCounts>,
  rules: Rules,
): Finding {
  const distribution = categoryDistribution(counts);
  if (rules.test !== undefined) {
    return { ...chosenCategoriesTest(rules.test, counts), distribution };
  }
  if (rules.preset === "evidently") return { ...evidentlyCategories(counts), distribution };
  const { reference, current } = weighed(counts, worth);
  return { ...measureCounts(reference, current, rules), distribution };
}

function textsFinding(
  reference: TextSample | PresenceStatistics,
  current: TextSample | PresenceStatistics,
  groups: Both<Int32Array | undefined>,
  { preset, seed }: Rules,
): Finding {
  if (preset === "evidently") {
    return untested(
      "Evidently's text classifier depends on its own random numbers; use calibrated",
    );
  }
  if (!("values" in reference && "values" in current)) {
    return untested("texts are compared where both sides have their rows");
  }
  if (reference.vectors && current.vectors) {
    const apart = embeddingDomainClassifier(reference.vectors, current.vectors, seed);
    const beyond = chanceArea(reference.values.length, current.values.length);
    return {
      ...textsApart(embeddingClassifierHead, apart),
      note: `ROC AUC ${apart.score.toFixed(3)}, by chance up to ${beyond.toFixed(3)}`,
    };
  }
  return textsApart(
    textClassifierHead,
    textDomainClassifier(
      independentTexts(reference.values, groups.reference),
      independentTexts(current.values, groups.current),
      seed,
    ),
  );
}

function textsApart({ name: test }: StatisticHead, { score, pValue }: Separation): Finding {
  return { test, pValue, effect: Math.max(0, 2 * score - 1), note: null, distribution: null };
}

/** The texts that are there, of each group only one. */
function independentTexts(
  values: readonly (string | null)[],
  groups: Int32Array | undefined,
): string[] {
  const there = Int32Array.from(values.keys()).filter((row) => values[row] !== null);
  return Array.from(groups ? firstOfEach(groups, there) : there, (row) => values[row]!);
}

/** The counts that a test may take for independent values. */
function weighed(counts: PairedCounts, worth: Both<EffectiveCounts>): Both<Float64Array> {
  return {
    reference: weigh(counts.reference, worth.reference.values),
    current: weigh(counts.current, worth.current.values),
  };
}

function isNumbers(sample: ColumnSample): sample is Numbers {
  return sample.kind === "number";
}

function isCategories(sample: ColumnSample): sample is Categories {
  return sample.kind === "category" || sample.kind === "text" && "values" in sample;
}

function countOf(sample: Categories): CategoryCounts {
  return sample.kind === "text" ? countTexts(sample.values) : countCategories(sample);
}
