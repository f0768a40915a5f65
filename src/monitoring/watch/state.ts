/** What is kept from one look at the log to the next: bounded, plain JSON, written whole. */

import { join } from "@std/path";
import { z } from "zod";
import { DataError, ifPresent, parsedJson, writeFileAtomic } from "../../base/mod.ts";
import type { QuantileSketchState, SketchedSample } from "../../drift/mod.ts";
import type { FeedbackRecord, LogPosition } from "../../prediction_log/mod.ts";
import {
  type AlertRecord,
  type Delivery,
  monitoringFolder,
  type OpenAlert,
  type WindowPoint,
} from "../../monitor_files/mod.ts";
import type { RowCounts } from "./claimed_shares.ts";
import type { EvidenceState } from "./evidence.ts";
import type { WatchedTexts } from "./watched_texts.ts";

/** Everything that is kept. */
export interface MonitorState {
  readonly schema_version: 2;
  /** How far the log was read. */
  position: LogPosition;
  /** By the name of a version's files, `<model_name>_v_<version>`. */
  readonly models: Record<string, ModelState>;
  /** Alerts whose cause has not ended. */
  open: OpenAlert[];
  /** Alerts that were decided, of which not all may stand in their file. */
  unwritten: AlertRecord[];
  /** What has to be told to somebody yet. */
  outbox: Delivery[];
  /** Lines that were no records. */
  malformed: number;
  /** Labels of predictions that nobody knows. */
  unmatched: number;
  /** Labels that came before their prediction was written, it seems. */
  early: FeedbackRecord[];
  /** Which predictions have had their label: {@link ToldLabels}. */
  told?: string;
  /** Labels of predictions that had one already. */
  repeated: number;
}

/** What is kept of one version of a model. */
export interface ModelState {
  /** In which roles it was seen, by role, and when last. */
  roles: Record<string, string>;
  /** Evidence against what training says. */
  readonly evidence: EvidenceState;
  /** The window that rows go into; null before the first. */
  window: OpenWindowState | null;
  /** Counts of the latest windows that are over, oldest first: those that hold enough rows. */
  recent: {
    readonly rows: number;
    readonly worth: number;
    readonly counts: Record<string, RowCounts>;
  }[];
  /** Sketches of the windows before the open one: as many as hold enough rows. */
  before: SketchedSample | null;
  /** What the page draws, a point for each window that is over. */
  history: WindowPoint[];
  /** Predictions without a label, oldest first. */
  pending: PendingPrediction[];
  /** The latest predictions: class, then the probability of each class; or the number. */
  predicted: (readonly number[])[];
  /** The latest labels: label, then as in `predicted`. */
  judged: (readonly number[])[];
  /** Digest of the group's key of each of them. */
  judged_groups: (string | null)[];
  /** When each group was last counted, among predictions and among labels: `SeenGroups`. */
  seen?: string;
  seen_judged?: string;
  predictions: number;
  labels: number;
  /** Columns of texts, by name; absent where none are held against others. */
  texts?: Record<string, WatchedTexts>;
}

/** A prediction that waits for its label: id, digest of its group's key, then as in `predicted`. */
export type PendingPrediction = readonly [id: string, group: string | null, ...said: number[]];

/** The window that rows go into. */
export interface OpenWindowState {
  /** Milliseconds since 1970 UTC. */
  readonly from: number;
  readonly to: number;
  rows: number;
  /** Independent rows that they are worth. */
  worth: number;
  counts: Record<string, RowCounts>;
  sample: SketchedSample | null;
  latency: QuantileSketchState | null;
  /** Values in columns of numbers and dates that were none. */
  unreadable: number;
  /** Rows at or above the model's threshold. */
  above: number;
  labels: number;
  wrong: number;
}

/** Windows that the page can draw: a month of hours. */
export const MOST_POINTS = 744;
/** Windows whose counts are kept. */
export const MOST_RECENT = 24;
/** Predictions that wait for their label in memory; older ones are looked for in the log. */
export const MOST_PENDING = 20_000;

/** A model of which nothing was seen yet. */
export function newModelState(): ModelState {
  return {
    roles: {},
    evidence: { begun: 0, starts: [] },
    window: null,
    recent: [],
    before: null,
    history: [],
    pending: [],
    predicted: [],
    judged: [],
    judged_groups: [],
    predictions: 0,
    labels: 0,
  };
}

/**
 * What was kept below a log; nothing where there is none.
 *
 * @throws {DataError} if it was damaged, or a newer version wrote it.
 */
export async function readState(log: string): Promise<MonitorState> {
  const path = join(monitoringFolder(log), "state.json");
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) return newState();
  const found = stateForm.safeParse(parsedJson(text));
  if (found.success) return currentState(found.data as unknown as MonitorState);
  const [{ path: at, message }] = found.error.issues;
  throw new DataError(
    `Cannot read ${path}: it is no state of this version (${at.join(".") || "all"}: ${message})`,
    { next: "remove it; the log is then read from its beginning" },
  );
}

/** Keeps it, whole or not at all. */
export async function writeState(log: string, state: MonitorState): Promise<void> {
  const folder = monitoringFolder(log);
  await Deno.mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "state.json"), JSON.stringify(state));
}

function newState(): MonitorState {
  return {
    ...{ schema_version: 2, position: {}, models: {}, open: [], unwritten: [], outbox: [] },
    ...{ malformed: 0, unmatched: 0, early: [], repeated: 0 },
  };
}

const rows = z.array(z.array(z.number()));

/** What a state must have so that a look can go on from it; what is within is its writer's. */
const stateForm = z.looseObject({
  schema_version: z.union([z.literal(1), z.literal(2)]),
  position: z.record(z.string(), z.int().min(0)),
  models: z.record(
    z.string(),
    z.looseObject({
      roles: z.record(z.string(), z.string()),
      evidence: z.object({
        begun: z.int().min(0),
        starts: z.array(z.looseObject({
          weight: z.number(),
          counts: z.record(z.string(), z.array(z.number())),
        })),
      }),
      window: z.looseObject({ from: z.number(), to: z.number() }).nullable(),
      recent: z.array(z.looseObject({ rows: z.number() })),
      before: z.looseObject({ rows: z.number() }).nullable(),
      history: z.array(z.looseObject({ from: z.number() })),
      pending: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
      predicted: rows,
      judged: rows,
      predictions: z.number(),
      labels: z.number(),
      seen: z.base64().optional(),
      seen_judged: z.base64().optional(),
    }),
  ),
  open: z.array(z.looseObject({ model: z.string(), alert_type: z.string() })),
  unwritten: z.array(z.looseObject({ id: z.string() })),
  outbox: z.array(z.looseObject({ channel: z.string(), next: z.number() })),
  told: z.base64().optional(),
});

/** A state as this version has it: the one before knew no groups. */
function currentState(state: MonitorState): MonitorState {
  if (state.schema_version === 2) return state;
  const models = Object.entries(state.models as MonitorState["models"]).map(([name, model]) => {
    const { evidence, window, recent, pending, judged } = model;
    return [name, {
      ...model,
      evidence: {
        ...evidence,
        starts: evidence.starts.map((start) => ({
          ...start,
          moment: Math.round((Math.sqrt(1 + 4 / start.weight) - 1) / 2),
        })),
      },
      window: window && { ...window, worth: window.rows },
      recent: recent.map((one) => ({ ...one, worth: one.rows })),
      pending: pending.map(([id, ...said]) => [id, null, ...said as number[]] as const),
      judged_groups: judged.map(() => null),
    }];
  });
  return {
    ...newState(),
    ...state as object,
    schema_version: 2,
    models: Object.fromEntries(models),
  };
}
