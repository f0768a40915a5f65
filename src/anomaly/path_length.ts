/** How deep a random tree isolates a row of so many. */

const EULER = 0.5772156649015329;

/**
 * Mean depth at which random splits have isolated one of `rows` rows: the length of an
 * unsuccessful search in a binary search tree, c(n).
 *
 * Source: Liu, Ting and Zhou, Isolation Forest (2008), equation 1; scikit-learn
 * `_average_path_length`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * assertEquals([averagePathLength(1), averagePathLength(2)], [0, 1]);
 * assertAlmostEquals(averagePathLength(256), 10.2448, 1e-4);
 * ```
 */
export function averagePathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + EULER) - 2 * (rows - 1) / rows;
}
