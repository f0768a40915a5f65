/** Where a run failed. */

import type { Unit } from "../../run_events/mod.ts";

/** What failed and with what it worked. */
export interface UnitFailure {
  /** The step or item. */
  readonly unit: Unit;
  /** What it threw. */
  readonly error: unknown;
  /** Digests of the artifacts that each input consists of. */
  readonly artifacts: InputArtifacts;
}

/** Digests of the artifacts that each input consists of; more than one for a fan-out. */
export type InputArtifacts = Readonly<Record<string, readonly string[]>>;
