import { assertAlmostEquals } from "@std/assert";
import { normalCdf, normalQuantile } from "../../pipelines/credit_score/normal.ts";

// scipy.stats.norm.cdf at these points, SciPy 1.17.
const points = [
  [-3, 0.0013498980316300933],
  [-1.5, 0.06680720126885807],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [0.6744897501960817, 0.75],
  [2.5, 0.9937903346742238],
];

Deno.test("normalCdf agrees with SciPy within the error of its polynomial", () => {
  for (const [x, p] of points) assertAlmostEquals(normalCdf(x), p, 1.5e-7);
});

Deno.test("normalQuantile inverts normalCdf", () => {
  for (const [x, p] of points) {
    // An error of 1.5e-7 in p is 3.4e-5 in x if the density is 0.0044, at x = −3.
    assertAlmostEquals(normalQuantile(p), x, 4e-5);
  }
});
