/** Functions to be searched, as tests/python/make_search_fixtures.py has them. */

import {
  categorical,
  float,
  int,
  logFloat,
  type Parameters,
  type Space,
  when,
} from "../../src/search/mod.ts";

interface Searched {
  readonly space: Space;
  readonly value: (params: Parameters) => number;
}

const numbers = (count: number, low: number, high: number): Space =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, float(low, high)]));

const A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [
  17,
  8,
  0.05,
  10,
  0.1,
  14,
]];
const P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [
  2348,
  1451,
  3522,
  2883,
  3047,
  6650,
], [4047, 8828, 8732, 5743, 1091, 381]];

/** By name; all are to be minimized, to about 0. */
export const functions: Record<"rosenbrock" | "branin" | "hartmann6" | "mixed", Searched> = {
  rosenbrock: {
    space: numbers(3, -2, 2),
    value(params) {
      const x = Object.values(params) as number[];
      return x.slice(1).reduce(
        (sum, b, i) => sum + 100 * (b - x[i] ** 2) ** 2 + (1 - x[i]) ** 2,
        0,
      );
    },
  },
  branin: {
    space: { x: float(-5, 10), y: float(0, 15) },
    value(params) {
      const { x, y } = params as { x: number; y: number };
      const [b, c, t] = [5.1 / (4 * Math.PI ** 2), 5 / Math.PI, 1 / (8 * Math.PI)];
      return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - t) * Math.cos(x) + 10 - 0.397887;
    },
  },
  hartmann6: {
    space: numbers(6, 0, 1),
    value(params) {
      const x = Object.values(params) as number[];
      return 3.32237 - [1, 1.2, 3, 3.2].reduce((sum, alpha, i) => {
        const distance = A[i].reduce((d, a, j) => d + a * (x[j] - P[i][j] / 1e4) ** 2, 0);
        return sum + alpha * Math.exp(-distance);
      }, 0);
    },
  },
  mixed: {
    space: {
      rate: logFloat(1e-4, 1),
      leaves: int(2, 256, { log: true }),
      share: float(0.1, 1, { step: 0.1 }),
      kind: categorical(["a", "b", "c"]),
      depth: when("kind", ["a"], int(1, 12)),
      penalty: when("kind", ["b"], float(0, 1)),
    },
    value(params) {
      const { rate, leaves, share, depth, penalty } = params as Record<string, number>;
      const value = (Math.log10(rate) + 2) ** 2 + (Math.log2(leaves) - 5) ** 2 / 4 +
        (share - 0.7) ** 2;
      if (params.kind === "a") return value + 0.2 + (depth - 7) ** 2 / 20;
      return params.kind === "b" ? value + (penalty - 0.3) ** 2 : value + 1;
    },
  },
};
