/** What an alert says, as a line of `alerts.jsonl` and as it is told. */

import type { Severity } from "../drift/mod.ts";

/** What an alert is about. */
export type AlertType =
  | "data_drift"
  | "prediction_drift"
  | "concept_drift"
  | "estimated_drop"
  | "latency"
  | "volume";

/** A line of `alerts.jsonl`. */
export interface AlertRecord {
  /** The same in all lines about one cause, with the number of the line behind it. */
  readonly id: string;
  /** When it was found, ISO 8601 in UTC. */
  readonly timestamp: string;
  /** What it is about. */
  readonly alert_type: AlertType;
  /** `open`, `worse` if an open one became more severe, or `resolved`. */
  readonly status: "open" | "worse" | "resolved";
  /** How bad it is. */
  readonly severity: Severity;
  /** What the files of the model are called. */
  readonly model_name: string;
  /** Its version. */
  readonly model_version: string;
  /** What to do, in a sentence. */
  readonly action_required: string;
  /** What was found, in a sentence. */
  readonly message: string;
  /** Columns that drifted, of drifts. */
  readonly drift_features?: readonly string[];
  /** Index of stability of these columns. */
  readonly psi_scores?: Readonly<Record<string, number | null>>;
  /** Share of right answers lately, of concept drift. */
  readonly recent_accuracy?: number;
  /** The share that is to be expected before labels come, of an estimated drop. */
  readonly estimated_accuracy?: number;
  /** The same on rows that training held out. */
  readonly expected_accuracy?: number;
  /** How far the accuracy fell. */
  readonly accuracy_drop?: number;
  /** How many to one the evidence stands against no change, and the rows behind it. */
  readonly evidence?: { readonly odds: number; readonly rows: number };
  /** Whether somebody asked not to be told. */
  readonly silenced?: boolean;
}

/** An alert whose cause has not ended. */
export interface OpenAlert {
  /** What tells it from others. */
  readonly key: string;
  /** The version that it is about. */
  readonly model: string;
  /** What it is about. */
  readonly alert_type: AlertType;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** How bad it is. */
  severity: Severity;
  /** The columns that it names. */
  columns: string[];
  /** Windows that had begun when it was opened. */
  readonly moment: number;
  /** Lines that were written about it. */
  lines: number;
}

/** An alert that has to be told through a channel. */
export interface Delivery {
  /** What is told. */
  readonly alert: AlertRecord;
  /** To whom. */
  readonly channel: string;
  /** How often it was tried. */
  attempts: number;
  /** Not before this moment, milliseconds since 1970 UTC. */
  next: number;
  /** Why it failed the last time. */
  error?: string;
}
