/** Statistics at the edges of their rules, and classifiers that tell samples apart. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random, UsageError } from "../../src/base/mod.ts";
import { chosenCategoriesTest, chosenNumbersTest } from "../../src/drift/chosen_test.ts";
import { chiSquareContingency } from "../../src/drift/statistics/chi_square_contingency.ts";
import { chiSquareFit } from "../../src/drift/statistics/chi_square_fit.ts";
import { separate } from "../../src/drift/statistics/domain_classifier.ts";
import { viewNumbers } from "../../src/drift/number_view.ts";
import { fisherExact } from "../../src/drift/statistics/fisher_exact.ts";
import { hellinger } from "../../src/drift/statistics/hellinger.ts";
import { twoSampleTail } from "../../src/drift/statistics/kolmogorov_distribution.ts";
import { proportionsZ } from "../../src/drift/statistics/proportions_z.ts";
import { fitAndScore, type SparseRow } from "../../src/drift/statistics/sparse_logistic.ts";
import { chanceArea } from "../../src/drift/statistics/domain_classifier.ts";
import {
  embeddingDomainClassifier,
} from "../../src/drift/statistics/embedding_domain_classifier.ts";
import { textDomainClassifier } from "../../src/drift/statistics/text_domain_classifier.ts";
import { unseenCategories } from "../../src/drift/statistics/unseen_categories.ts";
import { outsideTail, unseenValueTail } from "../../src/drift/statistics/unseen_numbers.ts";

const counts = (...values: number[]) => Float64Array.from(values);
const feature = (index: number): SparseRow => ({
  indices: Int32Array.of(index),
  values: Float32Array.of(1),
});

Deno.test("drift: the tail of one sample's distance is SciPy's kstwo.sf", () => {
  const known = [
    ...[[10, 0.04, 1], [10, 0.06, 0.9999999999628411], [10, 0.08, 0.9999978058034054]],
    ...[[10, 0.3, 0.27053557479999946], [10, 0.5, 0.00777741], [10, 0.55, 0.0022805103214843725]],
    ...[[140, 0.05, 0.8576480297656114], [141, 0.05, 0.854845693009663]],
    ...[[1000, 0.02, 0.8108971656895577], [1000, 0.05, 0.013012074781090332]],
    ...[[200_000, 0.001, 0.9881500208855729], [200_000, 0.0021, 0.3405222001881183]],
    ...[[150_000, 0.0005, 0.9999999999999231], [1000, 0.0005, 1], [1000, 0.0004, 1]],
  ];
  for (const [n, distance, wanted] of known) {
    // Two samples of 2n rows tell as much as one of n; no pair is counted exactly.
    assertAlmostEquals(twoSampleTail(distance, 2 * n, 2 * n, 0), wanted, 1e-9, `${n} ${distance}`);
  }
  assertAlmostEquals(twoSampleTail(0.95, 20, 20, 0) / 1.953125e-13, 1, 1e-6);
  assertEquals(twoSampleTail(1, 20, 20, 0), 0);
});

Deno.test("drift: samples that a classifier tells apart for certain have the chance of that order", () => {
  const side = (index: number, rows: number) => Array.from({ length: rows }, () => feature(index));
  // Each half has 4 and 4 rows: z is 1/2 over √(9 / 192); SciPy: 2 * norm.sf(2.3094010767585034).
  const apart = separate(side(0, 8), side(1, 8), 2, 1);
  assertEquals(apart.score, 1);
  assertAlmostEquals(apart.pValue, 0.02092133533779396, 1e-9);
  // 6 and 3 rows: √(10 / 216).
  const uneven = separate(side(0, 12), side(1, 6), 2, 1);
  assertAlmostEquals(uneven.pValue, 0.02013675155034633, 1e-9);
  assertEquals(separate(side(0, 8), side(0, 8), 2, 1), { score: 0.5, pValue: 1 });
});

Deno.test("drift: the classifier learns as AdaGrad does on rows that are written out", () => {
  const random = new Random(5);
  const dense = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => random.int(3)));
  const labels = Uint8Array.from(dense, ([a, b]) => a > b ? 1 : random.int(2));
  const sparse = dense.map((row): SparseRow => {
    const indices = Int32Array.from(row.keys()).filter((j) => row[j] !== 0);
    return { indices, values: Float32Array.from(indices, (j) => row[j]) };
  });
  const found = fitAndScore(sparse, labels, sparse, 4, new Random(9));
  // Duchi, Hazan and Singer (2011): each step over the root of all squared gradients so far.
  const weights = new Array(5).fill(0);
  const squares = new Array(5).fill(1e-8);
  const order = Int32Array.from(dense.keys());
  const shuffles = new Random(9);
  const scoreOf = (row: readonly number[]) =>
    row.reduce((sum, value, j) => sum + value * weights[j], weights[4]);
  for (let pass = 0; pass < 8; pass++) {
    for (const i of shuffles.shuffle(order)) {
      const error = 1 / (1 + Math.exp(-scoreOf(dense[i]))) - labels[i];
      const gradients = dense[i].map((value, j) => value && error * value + 1e-4 * weights[j]);
      [...gradients, error].forEach((gradient, j) => {
        if (gradient === 0) return;
        squares[j] += gradient ** 2;
        weights[j] -= 0.1 * gradient / Math.sqrt(squares[j]);
      });
    }
  }
  dense.forEach((row, i) => assertAlmostEquals(found[i], scoreOf(row), 1e-9));
});

Deno.test("drift: texts differ by words, by letters and by which word follows which", () => {
  const of = (text: string) => Array.from({ length: 40 }, () => text);
  const score = (a: string, b: string) => textDomainClassifier(of(a), of(b), 1).score;
  assertEquals(score("lost card", "card lost"), 1);
  assertEquals(score("abcd", "abce"), 1);
  assertEquals(score("aa bb cc", "aa bb dd"), 1);
  // Neither capitals nor what stands between words say anything.
  assertEquals(score("Lost card", "lost, CARD!"), 0.5);
  assertEquals(score("!", "?"), 0.5);
  // What comes after 2,000 characters is not read.
  assertEquals(score(`${"ab ".repeat(700)}cd`, `${"ab ".repeat(700)}ef`), 0.5);
  assertEquals(score("", "a word"), 1);
  assertEquals(textDomainClassifier(of("a").slice(0, 7), of("b"), 1), { score: 0.5, pValue: 1 });
});

Deno.test("drift: vectors tell texts apart by any place, the same for the same seed", () => {
  const random = new Random(1);
  const vectors = (texts: number, shift: number, scale = 1) => ({
    size: 3,
    values: Float32Array.from(
      { length: 3 * texts },
      (_, i) => i % 3 === 2 ? 1 : scale * (random.normal() + (i % 3) * shift),
    ),
  });
  for (const scale of [1e-3, 1, 1e6]) {
    const [r, c] = [vectors(100, 0, scale), vectors(80, 1, scale)];
    const found = embeddingDomainClassifier(r, c, 7);
    // Normal samples one deviation apart have an area of 0.76.
    assertAlmostEquals(found.score, 0.76, 0.07);
    assert(found.pValue < 1e-3, `${scale}: ${found.pValue}`);
    assertEquals(embeddingDomainClassifier(r, c, 7), found);
  }
  const few = embeddingDomainClassifier(vectors(7, 0), vectors(80, 9), 1);
  assertEquals(few, { score: 0.5, pValue: 1 });
  assertThrows(
    () => embeddingDomainClassifier(vectors(9, 0), { size: 2, values: new Float32Array(18) }, 1),
    RangeError,
    "vectors of 3 with vectors of 2",
  );
  // SciPy norm.ppf(0.975), of Mann and Whitney's statistic on a half.
  assertAlmostEquals(chanceArea(100, 100), 0.5 + 1.959964 * Math.sqrt(101 / 30_000), 1e-5);
});

Deno.test("drift: Fisher's test counts up to 10,000 rows of the rarer outcome", () => {
  const [reference, current] = [counts(4950, 20_000), counts(5050, 20_000)];
  const z = (a: Float64Array, b: Float64Array) => proportionsZ.measure(a, b).score;
  assertNotEquals(fisherExact.measure(reference, current).score, z(reference, current));
  current[0]++;
  assertEquals(fisherExact.measure(reference, current).score, z(reference, current));
});

Deno.test("drift: statistics of counts that share nothing, or everything", () => {
  assertEquals(hellinger.measure(counts(3, 0), counts(0, 5)).score, 1);
  assertEquals(hellinger.measure(counts(1, 1), counts(3, 3)).score, 0);
  // A category that nobody has says nothing; one that the reference has not is impossible.
  assertEquals(chiSquareFit.measure(counts(5, 5, 0), counts(5, 5, 0)).score, 1);
  assertEquals(chiSquareFit.measure(counts(5, 5, 0), counts(5, 5, 1)).score, 0);
  // SciPy chisquare of 2 and 98, where 0.5 and 99.5 are expected.
  assertAlmostEquals(chiSquareFit.measure(counts(1, 199), counts(2, 98)).score, 0.03345, 1e-5);
  assertEquals(chiSquareContingency.measure(counts(5), counts(9)).score, 1);
  assertEquals(chiSquareContingency.measure(counts(5, 0), counts(9, 0)).score, 1);
  assertAlmostEquals(
    chiSquareContingency.measure(counts(10, 20), counts(20, 10)).score,
    0.009823274507519235, // SciPy chi2_contingency without correction
    1e-12,
  );
});

Deno.test("drift: new categories of equal size are counted each", () => {
  // Two values of a new category, and one other category of each size, or two.
  const one = unseenCategories.measure(counts(50, 3, 0), counts(48, 2, 2)).score;
  const two = unseenCategories.measure(counts(50, 3, 3, 0), counts(48, 2, 2, 2)).score;
  assert(one < two, `${one} ${two}`);
  assertEquals(unseenCategories.measure(counts(5, 5), counts(9, 0)).score, 1);
});

Deno.test("drift: values outside the reference's, and a value of its own", () => {
  assertEquals(outsideTail(1, 5, 3), 1);
  assertEquals(outsideTail(5, 5, 0), 1);
  // SciPy betabinom.sf(outside - 1, m, 2, n - 1).
  assertAlmostEquals(outsideTail(2, 2, 1), 5 / 6, 1e-12);
  assertAlmostEquals(outsideTail(2, 2, 2), 1 / 2, 1e-12);
  assertAlmostEquals(outsideTail(10, 5, 5), 0.0019980019980020414, 1e-12);
  // Of three values of 4 rows, two might have been in the current half alone.
  const found = unseenValueTail(counts(10, 2, 0, 0), counts(10, 2, 4, 1));
  const share = 17 / 29;
  assertEquals(found.index, 2);
  assertAlmostEquals(found.pValue, share ** 20 + 2 * share ** 4, 1e-12);
  assertEquals(unseenValueTail(counts(5, 0), counts(5, 1)), { index: -1, pValue: 1 });
  assertEquals(unseenValueTail(counts(5, 0), counts(5, 2)).index, 1);
  assertEquals(unseenValueTail(counts(5, 0, 0), counts(5, 2, 2)).index, 1);
});

Deno.test("drift: a statistic that does not fit is refused with those that there are", () => {
  const refused = (use: () => unknown, what: string) => assertThrows(use, UsageError, `on ${what}`);
  const two = { reference: counts(3, 4), current: counts(4, 3) };
  const three = { reference: counts(3, 4, 5), current: counts(4, 3, 5) };
  refused(() => chosenCategoriesTest("wasserstein", three as never), "categories");
  refused(() => chosenCategoriesTest("fisher_exact", three as never), "more than two counts");
  assertEquals(chosenCategoriesTest("fisher_exact", two as never).test, "fisher_exact");
  assertEquals(chosenCategoriesTest("hellinger", three as never).test, "hellinger");
  const whole = viewNumbers({ kind: "number", values: Float64Array.of(1, 2, 3, 4) }, 4, 100, 1);
  const { sorted: _, ...withoutRows } = whole;
  const { cdf: __, ...withoutAll } = withoutRows;
  for (const [one, other] of [[whole, withoutAll], [withoutAll, whole]]) {
    refused(() => chosenNumbersTest("wasserstein", one, other), "a histogram");
  }
  for (const [one, other] of [[whole, withoutRows], [withoutRows, whole]]) {
    refused(() => chosenNumbersTest("wasserstein", one, other), "statistics without rows");
    assertEquals(chosenNumbersTest("hellinger", one, other).verdict?.score, 0);
  }
  refused(() => chosenNumbersTest("fisher_exact", whole, whole), "more than two counts");
});
