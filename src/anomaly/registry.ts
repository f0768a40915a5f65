/** Detectors by name, made from plain data; adding one is its file and a line here. */

import { checkKnownNames, lookUp } from "../base/mod.ts";
import type { Detector } from "./contract.ts";
import { type Ecod, ecod } from "./ecod.ts";
import {
  type ExtendedIsolationForest,
  extendedIsolationForest,
  type ExtendedIsolationForestParams,
} from "./extended_isolation_forest.ts";
import {
  type IsolationForest,
  isolationForest,
  type IsolationForestParams,
} from "./isolation_forest.ts";
import {
  distanceToNeighbours,
  type NearestNeighbours,
  type NearestNeighboursParams,
} from "./nearest_neighbours.ts";

/** A fitted detector. */
export type DetectorModel = IsolationForest | Ecod | ExtendedIsolationForest | NearestNeighbours;

/** A fitted detector whose score is a sum over trees, and so becomes one ONNX file. */
export type TreeDetector = IsolationForest | Ecod;

/** A detector to fit, as plain data that survives JSON. */
export type DetectorSpec =
  | { readonly kind: "isolationForest"; readonly params?: IsolationForestParams }
  | { readonly kind: "extendedIsolationForest"; readonly params?: ExtendedIsolationForestParams }
  | { readonly kind: "ecod"; readonly params?: Readonly<Record<string, never>> }
  | { readonly kind: "nearestNeighbours"; readonly params?: NearestNeighboursParams };

/** The detectors by their kinds. */
export const detectorsByKind = {
  isolationForest,
  extendedIsolationForest,
  ecod,
  nearestNeighbours: distanceToNeighbours,
};

/** The kinds whose models become an ONNX file. */
export const exportedDetectors: readonly string[] = ["isolationForest", "ecod"];

/**
 * The detector that plain data specifies.
 *
 * @throws {UsageError} for a kind or parameter that does not exist, with the one that may have
 * been meant, or a value out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { params } = detectorOf({ kind: "isolationForest", params: { nEstimators: 200 } });
 * assertEquals(params, { nEstimators: 200, maxSamples: 256 });
 * ```
 */
export function detectorOf({ kind, params = {} }: DetectorSpec): Detector<DetectorModel> {
  const make = lookUp("kind of detector", kind, /* @__CHOSEN__ */ detectorsByKind) as (
    params: object,
  ) => Detector<DetectorModel>;
  const made = make(params);
  checkKnownNames(kind, params, Object.keys(made.params));
  return made;
}
