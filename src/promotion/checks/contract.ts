/** One point of the checklist that a promotion goes through. */

import type { AliasName, ReadModel } from "../../registry/mod.ts";
import type { Table } from "../../dataset/mod.ts";

/** A model that is to take an alias. */
export interface ModelOnTrial {
  /** Name of the model. */
  readonly name: string;
  /** The alias that it is to take. */
  readonly alias: AliasName;
  /** The version. */
  readonly candidate: ReadModel;
  /** The champion now; absent if there is none, or it is the same version. */
  readonly champion?: ReadModel;
  /** Whether it is the champion already. */
  readonly standing: boolean;
  /** Why the champion cannot be read; absent if it can, or there is none. */
  readonly championFault?: string;
  /** Rows that were held out, with the truth; the reason if there are none. */
  readonly heldOut: { readonly table: Table; readonly basis: string } | { readonly reason: string };
  /** By how much the metric may be worse; of errors a share of the champion's. */
  readonly tolerance: number;
  /** The metric to compare by; the candidate's own if it is left out. */
  readonly metric?: string;
  /** Threshold that the deployment sets; the model's own if it is left out. */
  readonly threshold?: { readonly threshold: number; readonly label: string };
  /** Starts the real server on the version and gives its address. */
  readonly serve: () => Promise<{ readonly url: string } & AsyncDisposable>;
  /** Interrupts it. */
  readonly signal: AbortSignal;
}

/** What a check found. */
export interface Found {
  /** Whether the model may pass; undefined if this could not be told and need not be. */
  readonly passed?: boolean;
  /** What was found, one clause. */
  readonly found: string;
}

/** A point of the checklist. */
export interface Check {
  /** One word. */
  readonly name: string;
  /** Whether it takes long: where others refuse already, it is left out. */
  readonly slow?: boolean;
  /** Looks. A failure that is the model's is told, never thrown. */
  look(trial: ModelOnTrial): Promise<Found>;
}
