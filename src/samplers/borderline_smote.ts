/** Synthetic over-sampling along the borders of classes. */

import { DataError, fillSettings } from "../base/mod.ts";
import {
  checkClassSize,
  checkDistances,
  checkNeighbourCount,
  countedRows,
  minorities,
} from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { foreignNeighbours } from "./surroundings.ts";
import { drawBetween, type Synthesis, withSynthetic } from "./synthesis.ts";

/** Parameters of {@link borderlineSmote}. */
export interface BorderlineSmoteOptions {
  /** Nearest rows of its class that a row may be joined with, 1 or more. Default 5. */
  readonly kNeighbors?: number;
  /** Nearest rows of any class that say whether a row is in danger, 1 or more. Default 10. */
  readonly mNeighbors?: number;
}

/**
 * As SMOTE, but new rows start only at rows in danger: those of whose nearest
 * neighbours at least half, but not all, belong to other classes (the variant
 * borderline-1). A class without a row in danger is left as it is.
 *
 * The sampler throws {@link DataError} where a class has `kNeighbors` rows or
 * fewer, the training set has `mNeighbors` rows or fewer, or a value is missing.
 *
 * Source: Han, Wang and Mao, 2005; imbalanced-learn `BorderlineSMOTE`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 */
export function borderlineSmote(options: BorderlineSmoteOptions = {}): Sampler {
  const name = "BorderlineSMOTE";
  const defaults = { kNeighbors: 5, mNeighbors: 10 };
  const { kNeighbors, mNeighbors } = fillSettings(name, defaults, options);
  checkNeighbourCount(kNeighbors, name);
  checkNeighbourCount(mNeighbors, name);
  return {
    name,
    async sample(data, random, how = {}) {
      checkDistances(data, name);
      const classes = minorities(data.y);
      for (const minority of classes) checkClassSize(minority, kNeighbors, name, data);
      if (classes.length > 0 && data.y.length <= mNeighbors) {
        throw new DataError(
          `Cannot sample with ${name}: there are ${
            countedRows(data.y.length)
          }, ${mNeighbors} neighbours of each need at least ${mNeighbors + 1}`,
          { next: "add rows or ask for fewer neighbours" },
        );
      }
      const foreign = await foreignNeighbours(data, classes, mNeighbors, how);
      const parts: Synthesis[] = [];
      for (const [c, { label, rows, missing }] of classes.entries()) {
        const endangered = rows.filter((_row, i) =>
          foreign[c][i] >= mNeighbors / 2 && foreign[c][i] < mNeighbors
        );
        if (endangered.length === 0) continue;
        const neighbours = await nearestNeighbours(data.X, rows, endangered, kNeighbors, how);
        parts.push(drawBetween(label, endangered, neighbours, missing, random));
      }
      return withSynthetic(data, parts);
    },
  };
}
