/** What a look at the log found, as servers and pages read it. */

import { ifPresent } from "../base/mod.ts";
import { join } from "@std/path";
import type { Severity } from "../drift/mod.ts";
import type { OpenAlert } from "./alert.ts";
import { monitoringFolder } from "./alert_file.ts";

/** The content of `monitoring/status.json`. */
export interface MonitorStatus {
  /** Version of this schema. */
  readonly schema_version: 1;
  /** When the log was looked at, ISO 8601 in UTC. */
  readonly checked_at: string;
  /** Milliseconds of a window. */
  readonly window_ms: number;
  /** The versions that are watched. */
  readonly models: readonly ModelStatus[];
  /** Alerts whose cause has not ended. */
  readonly open_alerts: readonly OpenAlert[];
  /** Alerts that could not be told yet. */
  readonly waiting_deliveries: number;
  /** Labels of predictions that nobody knows. */
  readonly unmatched_labels: number;
}

/** A version of a model as it is watched. */
export interface ModelStatus {
  /** Name in the registry. */
  readonly name: string;
  /** What its files are called. */
  readonly model_name: string;
  /** Its version. */
  readonly model_version: string;
  /** Whether it is the newest of its name, which answers unless a server is told else. */
  readonly champion: boolean;
  /** Roles in which it was seen, and when last. */
  readonly roles: Readonly<Record<string, string>>;
  /** Predictions so far. */
  readonly predictions: number;
  /** Labels so far. */
  readonly labels: number;
  /** How it is, a sentence each. */
  readonly words: readonly string[];
  /** How far the latest rows are from training. */
  readonly drift: {
    /** Latest rows that were judged together. */
    readonly rows: number;
    /** The greatest index of stability. */
    readonly score: number | null;
    /** Whether the preset `calibrated` finds drift in the latest rows; null if it could not say. */
    readonly calibrated: { readonly drifted: boolean; readonly severity: Severity } | null;
    readonly columns: readonly ColumnStatus[];
  };
  /** How good the latest answers were. */
  readonly quality: RecentQuality;
  /** A point for each window that is over. */
  readonly history: readonly WindowPoint[];
}

/** What is left of a window. */
export interface WindowPoint {
  /** Its start in milliseconds since 1970 UTC. */
  readonly from: number;
  /** Rows in it. */
  readonly rows: number;
  /** The greatest index of stability of a column in the latest rows; null without values. */
  readonly psi: number | null;
  /** Columns with an index of 0.1 or more. */
  readonly drifted: number;
  /** Share of values that are missing, over all columns. */
  readonly missing: number;
  /** Quantiles of the latency. */
  readonly latency_ms: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** Share of rows at or above the threshold; null where there is none. */
  readonly above: number | null;
  /** Labels in it. */
  readonly labels: number;
  /** Share of labels that the prediction missed; null without labels. */
  readonly wrong: number | null;
}

/** A share with what chance leaves open, at 95 %. */
export interface BandedShare {
  /** The share. */
  readonly value: number;
  /** Lower end of the band. */
  readonly low: number;
  /** Upper end of the band. */
  readonly high: number;
  /** Rows that it is of. */
  readonly rows: number;
}

/** What is known of a model's latest answers. Plain JSON. */
export interface RecentQuality {
  /** Right answers among the latest labels: the class, or a number within the interval. */
  readonly accuracy: BandedShare | null;
  /** The same on rows that training held out. */
  readonly expected_accuracy: number | null;
  /** Metrics of a classifier on the latest labels, if each class is among them. */
  readonly scores: Readonly<Record<string, number | null>> | null;
  /** Root of the mean squared error of a regression on the latest labels. */
  readonly rmse: number | null;
  /** Of forecasts MASE, MAPE and coverage of the latest months that came. */
  readonly forecasts?: ForecastErrors;
  /** Expected from how sure the model is, before labels come (CBPE). */
  readonly estimated:
    | Readonly<Record<string, { value: number | null; low: number | null; high: number | null }>>
    | null;
  /** What the threshold does; null where there is none. */
  readonly business: BusinessRates | null;
}

/** How good forecasts were, over all months and by how far ahead these were. */
export interface ForecastErrors {
  /** Metrics by name, as `mase` and `coverage_80`. */
  readonly overall: Readonly<Record<string, number>>;
  /** The same by months after the last that was known. */
  readonly by_months_ahead: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What comes of a threshold from which on the business acts. */
export interface BusinessRates {
  /** Class of which the probability is compared, as a default. */
  readonly label: string;
  /** The probability from which on it acts. */
  readonly threshold: number;
  /** Share below the threshold: the approved. */
  readonly approval_rate: number | null;
  /** Share at or above it. */
  readonly reject_rate: number | null;
  /** Share of the class among the approved whose label is known. */
  readonly default_rate_among_approved: number | null;
  /** Greatest distance between the classes' distributions of the score. */
  readonly ks: number | null;
  /** Mean costs of a labelled row, where errors have costs. */
  readonly cost: number | null;
}

/** A column, or an answer of the model, as it is watched. */
export interface ColumnStatus {
  /** Its name. */
  readonly column: string;
  /** What it is to the model. */
  readonly kind: "input" | "output";
  /** Its index of stability. */
  readonly psi: number | null;
  /** Share of missing values. */
  readonly missing: number | null;
  /** Evidence that it moved, how many to one, as a logarithm to the base of 10. */
  readonly log10_odds: number;
}

/** Path of the status of a log. */
export const statusFile = (log: string): string => join(monitoringFolder(log), "status.json");

/** What the latest look found; undefined if there was none yet. */
export async function readStatus(log: string): Promise<MonitorStatus | undefined> {
  const text = await ifPresent(Deno.readTextFile(statusFile(log)));
  return text === undefined ? undefined : JSON.parse(text);
}
