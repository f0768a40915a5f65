/**
 * P-values that no library gives: under no drift at most a share α of them is α
 * or less. The bound of each test is four standard deviations of such a share.
 */

import { assert, assertAlmostEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { chiSquareContingency } from "../../src/drift/statistics/chi_square_contingency.ts";
import { permutationTail } from "../../src/drift/statistics/permutation_tail.ts";
import { chanceArea } from "../../src/drift/statistics/domain_classifier.ts";
import {
  embeddingDomainClassifier,
} from "../../src/drift/statistics/embedding_domain_classifier.ts";
import { textDomainClassifier } from "../../src/drift/statistics/text_domain_classifier.ts";
import { unseenCategories } from "../../src/drift/statistics/unseen_categories.ts";

/** Counts of `rows` values of categories, a few of them frequent and most of them rare. */
function zipfCounts(random: Random, rows: number, categories: number): Float64Array {
  const counts = new Float64Array(categories);
  for (let i = 0; i < rows; i++) counts[Math.floor(categories ** random.next()) - 1]++;
  return counts;
}

function assertValid(pValues: readonly number[]): void {
  for (const level of [0.01, 0.05, 0.2]) {
    const share = pValues.filter((p) => p <= level).length / pValues.length;
    const most = level + 4 * Math.sqrt(level * (1 - level) / pValues.length);
    assert(share <= most, `${share} of the p-values are ${level} or less`);
  }
}

Deno.test("drift: p-values of new categories are valid under no drift, at any cardinality", () => {
  const random = new Random(1);
  for (const [n, m, categories] of [[60, 60, 8], [100, 100, 90], [50, 200, 400], [300, 40, 60]]) {
    const pValues = Array.from({ length: 1500 }, () => {
      const [r, c] = [zipfCounts(random, n, categories), zipfCounts(random, m, categories)];
      return unseenCategories.measure(r, c).score;
    });
    assertValid(pValues);
  }
});

Deno.test("drift: permuted p-values are valid under no drift, in tables of rare categories", () => {
  const random = new Random(2);
  const pValues = Array.from({ length: 1000 }, () => {
    const [r, c] = [zipfCounts(random, 40, 20), zipfCounts(random, 30, 20)];
    return permutationTail(r, c, random);
  });
  assertValid(pValues);
});

Deno.test("drift: a permuted p-value is that of chi-square where counts are large", () => {
  const [r, c] = [Float64Array.of(120, 100, 80), Float64Array.of(95, 110, 95)];
  const { score } = chiSquareContingency.measure(r, c);
  // It ends at 25 extreme deals, which tell the chance to a fifth of itself (one deviation).
  assertAlmostEquals(permutationTail(r, c, new Random(3)), score, 0.5 * score);
});

Deno.test("drift: p-values of the text classifier are valid under no drift", () => {
  const random = new Random(4);
  const words = ["card", "lost", "bank", "money", "help", "please", "account", "today"];
  const texts = () =>
    Array.from(
      { length: 60 },
      () => Array.from({ length: 5 }, () => random.choice(words)).join(" "),
    );
  assertValid(
    Array.from({ length: 200 }, (_, i) => textDomainClassifier(texts(), texts(), i).pValue),
  );
});

Deno.test("drift: p-values of vectors of texts are valid under no drift, whatever their places", () => {
  const random = new Random(5);
  // Places of any spread, one that never differs, and one that tells how long all others are.
  const vectors = (texts: number) => ({
    size: 12,
    values: Float32Array.from({ length: 12 * texts }, (_, i) => {
      const k = i % 12;
      return k === 0 ? 3 : k === 1 ? Math.exp(3 * random.normal()) : random.normal() / 10 ** k;
    }),
  });
  const found = Array.from(
    { length: 200 },
    (_, i) => embeddingDomainClassifier(vectors(60), vectors(30), i),
  );
  assertValid(found.map(({ pValue }) => pValue));
  const beyond = found.filter(({ score }) => score > chanceArea(60, 30)).length / 200;
  assert(beyond <= 0.025 + 4 * Math.sqrt(0.025 * 0.975 / 200), `${beyond} are beyond chance`);
});
