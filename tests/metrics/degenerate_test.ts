/** Every metric of the catalogue gives a number or says why not, whatever the rows are. */

import { assert, assertEquals } from "@std/assert";
import { metricNames, metricOf } from "../../src/metrics/mod.ts";

const rows = 40;
const fill = (of: (i: number) => number) => Array.from({ length: rows }, (_, i) => of(i));

const truths: Record<string, number[]> = {
  "one class": fill(() => 1),
  "two classes": fill((i) => i % 2),
  "equal numbers": fill(() => 1),
};
const scores: Record<string, number[]> = {
  "all equal": fill(() => 0.5),
  "certain": fill((i) => i % 2),
  "certain and wrong": fill((i) => (i + 1) % 2),
  "tiny and huge": fill((i) => i % 3 === 0 ? 5e-324 : 1 - 2 ** -53),
  "NaN": fill((i) => i === 7 ? NaN : 0.5),
  "infinite": fill((i) => i === 7 ? Infinity : 0.5),
};
const weights: (number[] | undefined)[] = [
  undefined,
  fill((i) => i % 2),
  fill(() => 1e-300),
  fill(() => 0),
  fill((i) => i === 3 ? NaN : 1),
  fill((i) => i === 3 ? Infinity : 1),
];

Deno.test("degenerate: every metric is a number, NaN, or refused by a RangeError", () => {
  for (const name of metricNames()) {
    const { compute, needs } = metricOf(name);
    for (const [truth, yTrue] of Object.entries(truths)) {
      for (const [kind, values] of Object.entries(scores)) {
        for (const sampleWeight of weights) {
          const what = `${name} of ${truth}, ${kind}`;
          const bad = kind === "NaN" || kind === "infinite";
          const input = {
            yTrue,
            sampleWeight,
            labels: values.map((value) => bad ? value : Math.round(value)),
            probabilities: [...values.map((value) => 1 - value), ...values],
            predictions: values,
          };
          let refused = false;
          try {
            const found = compute(input);
            assert(typeof found === "number" && found !== Infinity, what);
          } catch (error) {
            assert(error instanceof RangeError, `${what}: ${error}`);
            refused = true;
          }
          const unweighted = sampleWeight?.some((w) => !Number.isFinite(w)) ||
            sampleWeight?.every((w) => w === 0);
          // A ranking can hold an infinite score; nothing can hold NaN or no weight.
          const ranks = needs === "probabilities" && /auc|precision|ks/.test(name);
          if (unweighted || (bad && !(ranks && kind === "infinite"))) {
            assertEquals(refused, true, what);
          }
        }
      }
    }
  }
});
