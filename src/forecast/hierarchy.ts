/** Forecasts of parts and of their sums, which agree. */

import { DataError } from "../base/mod.ts";
import { automaticInterval, forecastAutomatic } from "./automatic.ts";
import { type ConformalErrors, conformalErrors } from "./conformal.ts";
import { fitManyAutomatic, type ManyOptions } from "./many.ts";

/** A series that is a part of sums. */
export interface HierarchyLeaf {
  /** Where it belongs, from the top, as `["u0007", "groceries"]`. */
  readonly path: readonly string[];
  /** Its values, which end when those of all others do. */
  readonly y: Float64Array;
}

/** A part, or a sum of parts. */
export interface HierarchyNode {
  /** Where it belongs; the sum of all has an empty one. */
  readonly path: readonly string[];
  /** Its forecasts: those of a sum are the sums of those of its parts, shape [horizon]. */
  readonly mean: Float64Array;
  /** How far it was off at earlier times; undefined if the past is too short to tell. */
  readonly past?: ConformalErrors;
  /** Parts of it that could not be forecast, with the reason; they are in no sum. */
  readonly refused: readonly { readonly path: readonly string[]; readonly reason: string }[];
}

/**
 * Forecasts parts and adds them up, level by level, from the bottom: a user is the sum of its
 * categories. Intervals of a sum come from how far the sum of what its parts said was off, so that
 * parts whose errors cancel make a narrow one.
 *
 * @param leaves Parts of one length, none twice, none above another.
 * @returns The nodes from the top down, each before its parts.
 * @throws {DataError} for no parts, or parts that are there twice, lie above others, or differ in
 * length.
 * @throws {UsageError} as {@linkcode fitManyAutomatic}.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const wave = (size: number) => Float64Array.from({ length: 40 }, (_, t) => size * (5 + t % 4));
 * const [all, user] = await forecastHierarchy(
 *   [{ path: ["ann", "food"], y: wave(1) }, { path: ["ann", "rent"], y: wave(3) }],
 *   { horizon: 2, seasons: [4], origins: 4 },
 * );
 * assertAlmostEquals(all.mean[0], user.mean[0], 1e-9);
 * assertAlmostEquals(all.mean[0], 4 * 5, 0.5);
 * ```
 */
export async function forecastHierarchy(
  leaves: readonly HierarchyLeaf[],
  options: ManyOptions,
): Promise<HierarchyNode[]> {
  checkLeaves(leaves);
  const { horizon } = options;
  const results = await fitManyAutomatic(leaves.map(({ y }) => y), { ...options, keepPast: true });
  const sums = new Map<string, Sum>();
  results.forEach((result, k) => {
    const { path, y } = leaves[k];
    for (let depth = 0; depth <= path.length; depth++) {
      const own = path.slice(0, depth);
      const key = JSON.stringify(own);
      const sum = sums.get(key) ?? emptySum(own, horizon);
      sums.set(key, sum);
      if ("refused" in result) {
        sum.refused.push({ path, reason: result.refused });
        continue;
      }
      const { model } = result;
      forecastAutomatic(model, horizon).forEach((value, h) => sum.mean[h] += value);
      sum.parts.push({ y, said: model.said ?? [] });
    }
  });
  return [...sums.values()].map(({ path, mean, refused, parts }) => {
    const past = pastOf(parts);
    return { path, mean, refused, ...past && { past } };
  });
}

/** The interval around the forecasts of a part or a sum; undefined if the past was too short to tell. */
export function hierarchyInterval(
  { mean, past }: HierarchyNode,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } | undefined {
  return automaticInterval({ past }, mean, level);
}

interface PastPart {
  readonly y: Float64Array;
  readonly said: readonly { readonly origin: number; readonly values: readonly number[] }[];
}

interface Sum {
  readonly path: readonly string[];
  readonly mean: Float64Array;
  readonly refused: { readonly path: readonly string[]; readonly reason: string }[];
  readonly parts: PastPart[];
}

const emptySum = (path: readonly string[], horizon: number): Sum => ({
  ...{ path, mean: new Float64Array(horizon), refused: [], parts: [] },
});

/** Errors of what the parts said together; a part that said nothing is taken for what came. */
function pastOf(parts: readonly PastPart[]): ConformalErrors | undefined {
  const speaking = parts.filter(({ said }) => said.length > 0);
  if (speaking.length === 0) return undefined;
  const origins = speaking[0].said.map(({ origin }) => origin);
  const horizon = speaking[0].said[0].values.length;
  const said = origins.map(() => new Float64Array(horizon));
  const came = origins.map(() => new Float64Array(horizon));
  for (const part of parts) {
    origins.forEach((origin, k) => {
      const own = part.said[k]?.values ?? part.y.subarray(origin, origin + horizon);
      for (let h = 0; h < horizon; h++) {
        said[k][h] += own[h];
        came[k][h] += part.y[origin + h];
      }
    });
  }
  const relative = said.every((own) => own.every((value) => value > 0));
  return conformalErrors(said, came, relative);
}

function checkLeaves(leaves: readonly HierarchyLeaf[]): void {
  const cannot = (found: string, next: string): never => {
    throw new DataError(`Cannot add series up: ${found}`, { next });
  };
  if (leaves.length === 0) cannot("there are none", "give one series or more");
  const seen = new Set<string>();
  const above = new Set<string>();
  const textOf = (path: readonly string[]) => path.join(" / ") || "the whole";
  for (const { path, y } of leaves) {
    if (y.length !== leaves[0].y.length) {
      cannot(
        `${textOf(path)} has ${y.length} values, ${textOf(leaves[0].path)} ${leaves[0].y.length}`,
        "give all of them the same steps, with 0 where nothing was",
      );
    }
    const key = JSON.stringify(path);
    if (seen.has(key)) cannot(`${textOf(path)} is there twice`, "give each path once");
    seen.add(key);
    for (let depth = 0; depth < path.length; depth++) {
      above.add(JSON.stringify(path.slice(0, depth)));
    }
  }
  const both = leaves.find(({ path }) => above.has(JSON.stringify(path)));
  if (both) cannot(`${textOf(both.path)} has parts of its own`, "give the parts alone");
}
