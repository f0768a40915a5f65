/** One look at the prediction log: takes in what is new, judges it and tells of what was found. */

import { join } from "@std/path";
import { holderText, tryFileLock, UserError } from "../../base/mod.ts";
import {
  type FeedbackRecord,
  newLines,
  type PredictionColumns,
  requestIdOf,
} from "../../prediction_log/mod.ts";
import {
  bundleName,
  findBundle,
  latestBundle,
  listBundles,
  namedModels,
} from "../../registry/mod.ts";
import { deliver } from "../deliver/deliver.ts";
import type { AlertChannel } from "../deliver/contract.ts";
import { watchedModel } from "../model/watched_model.ts";
import {
  type AlertRecord,
  appendAlerts,
  isSilenced,
  type ModelStatus,
  monitoringFolder,
  type OpenAlert,
  readSilences,
} from "../../monitor_files/mod.ts";
import { type AlertLimits, CALM, endedRecord, judgeModel } from "./judgement.ts";
import { type GatherOptions, ModelWatch } from "./model_watch.ts";
import { type MonitorState, newModelState, readState, writeState } from "./state.ts";
import { statusOf, writeStatus } from "./status.ts";
import { type Said, saidBy, saidRow } from "./said.ts";
import { ToldLabels } from "./told_labels.ts";
import { judgeTexts } from "./watched_texts.ts";

/** What a look at a log needs. */
export interface PassOptions extends GatherOptions {
  /** Folder of the prediction log. */
  readonly log: string;
  /** Folder of the models. */
  readonly models: string;
  /** From where on to alert. */
  readonly limits: AlertLimits;
  /** Who is told. */
  readonly channels: readonly AlertChannel[];
  /** Ends the look. */
  readonly signal: AbortSignal;
  /** Hears what went wrong beside it. */
  readonly warn: (text: string) => void;
  /** Has a turn between pieces of the log; without it there are no pauses. */
  readonly giveWay?: { turn(signal: AbortSignal): Promise<void> };
}

/** What came of it. */
export interface PassResult {
  /** Predictions that were new. */
  readonly predictions: number;
  /** Labels that were new. */
  readonly labels: number;
  /** Alerts that were written. */
  readonly alerts: readonly AlertRecord[];
  /** How each version is. */
  readonly models: readonly ModelStatus[];
}

/** Milliseconds after which what was read is kept, so that a kill costs little. */
const CHECKPOINT_MS = 30_000;
/** Versions that are watched; those that were not seen for longest are forgotten. */
const MOST_MODELS = 12;
/** Labels of predictions that are not in memory, looked for in the log at once. */
const MOST_LATE = 200_000;
/** Labels that may have come before their prediction was written, and how long they are kept. */
const MOST_EARLY = 1000;
const EARLY_MS = 600_000;

/**
 * Looks at a log once. What was read, the evidence and the alerts that were
 * decided are kept in one file, written whole: a process that is killed at any
 * moment has read nothing twice, and the next one writes and tells what it had
 * decided.
 *
 * @throws {UserError} if another look is under way.
 */
export async function monitorPass(options: PassOptions): Promise<PassResult> {
  const { log } = options;
  await Deno.mkdir(monitoringFolder(log), { recursive: true });
  const answer = tryFileLock(join(monitoringFolder(log), ".lock"), "a look at the log");
  if ("holder" in answer) {
    throw new UserError(`Cannot look at ${log}: ${holderText(answer.holder)} is under way`, {
      next: "wait until it is done",
    });
  }
  using _ = answer.lock;
  return await new Pass(options, await readState(log)).run();
}

class Pass {
  readonly #watches = new Map<string, ModelWatch | undefined>();
  readonly #late = new Map<string, FeedbackRecord>();
  readonly #told: ToldLabels;
  #known: ReadonlySet<string> = new Set();
  #champions: ReadonlySet<string> = new Set();
  /** Versions that are in memory. */
  #alive = 0;
  readonly #new = { predictions: 0, labels: 0 };

  constructor(private readonly options: PassOptions, private readonly state: MonitorState) {
    this.#told = new ToldLabels(state.told);
  }

  async run(): Promise<PassResult> {
    const { log, now, signal, windowMs, limits, texts, warn } = this.options;
    const { state } = this;
    this.#known = new Set((await listBundles(this.options.models)).map(bundleNameOf));
    const champions = this.#champions = await championsIn(this.options.models);
    for (const name of Object.keys(state.models)) await this.#watchOf(name);
    await this.#read();
    await this.#matchLate();
    const watches = [...this.#watches.values()].filter((watch) => watch !== undefined);
    for (const watch of watches) {
      signal.throwIfAborted();
      watch.settle();
      if (texts) await judgeTexts(watch.state.texts ?? {}, watch.model, texts, { signal, warn });
      const champion = champions.has(watch.model.name);
      const replaced = this.#isReplaced(watch);
      judgeModel(watch, state, { limits, now, windowMs, champion, replaced });
    }
    this.#forgetOld();
    const silenced = await readSilences(log, now);
    state.unwritten = state.unwritten.map((alert) =>
      isSilenced(alert, silenced) ? { ...alert, silenced: true } : alert
    );
    const alerts = state.unwritten;
    this.#gather();
    await this.#keep();
    await appendAlerts(log, alerts);
    for (const alert of alerts) {
      if (alert.silenced) continue;
      for (const { name: channel } of this.options.channels) {
        state.outbox.push({ alert, channel, attempts: 0, next: 0 });
      }
    }
    state.unwritten = [];
    await this.#keep();
    const kept = watches.filter(({ model }) => Object.hasOwn(state.models, model.name));
    const models: ModelStatus[] = [];
    for (const watch of kept) {
      const open = state.open.filter(({ model }) => model === watch.model.name);
      models.push(await statusOf(watch, champions.has(watch.model.name), open));
    }
    state.outbox = await deliver(state.outbox, this.options.channels, {
      ...{ signal, warn, now: Date.now },
      keep: async (outbox) => {
        state.outbox = outbox;
        await this.#keep();
      },
    });
    await this.#keep();
    await writeStatus(log, state, models, { now, windowMs });
    return { ...this.#new, alerts, models };
  }

  async #pause(): Promise<void> {
    const { signal, giveWay } = this.options;
    signal.throwIfAborted();
    await giveWay?.turn(signal);
  }

  async #read(): Promise<void> {
    const { log } = this.options;
    const { state } = this;
    let kept = performance.now();
    for await (const piece of newLines(log, state.position)) {
      await this.#pause();
      for (const columns of piece.predictions) await this.#take(columns);
      for (const record of piece.feedback) this.#label(record);
      state.malformed += piece.malformed;
      state.position = piece.position;
      // Labels that are looked for later are kept nowhere: they are read again after a kill.
      if (performance.now() - kept < CHECKPOINT_MS || this.#late.size > 0) continue;
      this.#gather();
      await this.#keep();
      kept = performance.now();
    }
    const early = state.early;
    state.early = [];
    for (const record of early) {
      if (this.#answer(record)) continue;
      if (this.#isEarly(record)) state.early.push(record);
      else state.unmatched++;
    }
  }

  /** Whether the prediction of a label may not be written yet. */
  #isEarly({ time }: FeedbackRecord): boolean {
    return Date.parse(time) > this.options.now.getTime() - EARLY_MS;
  }

  /** Takes in rows of one version. */
  async #take(columns: PredictionColumns): Promise<void> {
    const watch = await this.#watchOf(bundleNameOf(columns));
    if (watch === undefined) return;
    watch.take(columns);
    this.#new.predictions += columns.rows;
    if (this.#alive > 2 * MOST_MODELS) this.#forgetOld();
  }

  #label(record: FeedbackRecord): void {
    if (this.#told.has(record.request_id)) this.state.repeated++;
    else if (this.#answer(record)) return;
    else if (this.#late.size < MOST_LATE) this.#late.set(record.request_id, record);
    else this.state.unmatched++;
  }

  /** Tells all that wait for a label, as a champion and its shadow do; whether any did. */
  #answer({ request_id, label }: FeedbackRecord): boolean {
    let known = false;
    for (const watch of this.#watches.values()) {
      if (watch?.label(request_id, label)) known = true;
    }
    if (known) this.#told.add(request_id);
    if (known) this.#new.labels++;
    return known;
  }

  /** Looks for predictions whose label came when they were not in memory any more. */
  async #matchLate(): Promise<void> {
    const late = this.#late;
    if (late.size === 0) return;
    for await (const { predictions } of newLines(this.options.log, {})) {
      await this.#pause();
      for (const columns of predictions) this.#matchIn(columns);
    }
    const left = [...late.values()].filter(({ request_id }) => !this.#told.has(request_id));
    const early = left.filter((record) => this.#isEarly(record)).slice(-MOST_EARLY);
    this.state.early.push(...early);
    this.state.early.splice(0, this.state.early.length - MOST_EARLY);
    this.state.unmatched += left.length - early.length;
    late.clear();
  }

  #matchIn(columns: PredictionColumns): void {
    const watch = this.#watches.get(bundleNameOf(columns));
    if (watch === undefined) return;
    let said: Said | undefined;
    for (let row = 0; row < columns.rows; row++) {
      const id = requestIdOf(columns, row);
      const found = this.#late.get(id);
      if (found === undefined) continue;
      said ??= saidBy(watch.model.metadata, columns);
      watch.judge(saidRow(said, row), found.label, columns.groups[row] ?? null);
      if (!this.#told.has(id)) this.#new.labels++;
      this.#told.add(id);
    }
  }

  /** What belongs to a version; undefined if it is not in the folder. */
  async #watchOf(name: string): Promise<ModelWatch | undefined> {
    if (this.#watches.has(name)) return this.#watches.get(name);
    const found = this.#known.has(name)
      ? await watchedModel({ model: name, models: this.options.models })
      : undefined;
    const watch = found &&
      new ModelWatch(found, this.state.models[name] ?? newModelState(), this.options);
    this.#watches.set(name, watch);
    if (watch !== undefined) this.#alive++;
    return watch;
  }

  /** Whether another version is the champion and this one is not heard of any more. */
  #isReplaced({ model: { name, metadata }, state }: ModelWatch): boolean {
    const { now, windowMs } = this.options;
    const since = new Date(now.getTime() - CALM * windowMs).toISOString();
    return !this.#champions.has(name) && Object.values(state.roles).every((last) => last < since) &&
      [...this.#champions].some((other) => other.startsWith(`${metadata.model_name}_v_`));
  }

  #forgetOld(): void {
    const { state } = this;
    const seen = [...this.#watches].flatMap(([name, watch]) =>
      watch ? [[name, Object.values(watch.state.roles).sort().at(-1) ?? ""] as const] : []
    );
    const isChampion = (name: string) => this.#champions.has(name) ? 1 : 0;
    seen.sort(([a, late], [b, later]) => isChampion(b) - isChampion(a) || (late < later ? 1 : -1));
    for (const [name] of seen.slice(MOST_MODELS)) this.#watches.delete(name);
    this.#alive = Math.min(seen.length, MOST_MODELS);
    for (const name of Object.keys(state.models)) {
      if (this.#watches.get(name) === undefined) delete state.models[name];
    }
    const isWatched = ({ model }: OpenAlert) => this.#watches.get(model) !== undefined;
    const gone = state.open.filter((open) => !isWatched(open));
    state.unwritten.push(...gone.map((open) => endedRecord(open, this.options.now)));
    state.open = state.open.filter(isWatched);
  }

  /** Brings the state up to date with all that was taken in. */
  #gather(): void {
    for (const [name, watch] of this.#watches) {
      if (watch !== undefined) this.state.models[name] = watch.saved();
    }
    if (this.#new.labels > 0) this.state.told = this.#told.toJSON();
  }

  async #keep(): Promise<void> {
    await writeState(this.options.log, this.state);
  }
}

const bundleNameOf = (
  { model_name, model_version, version }: {
    readonly model_name: string;
    readonly model_version?: string;
    readonly version?: string;
  },
) => bundleName({ model_name, version: (model_version ?? version)! });

/** Versions that an alias names as the one that answers. */
async function championsIn(folder: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of [...await namedModels(folder), undefined]) {
    try {
      const { metadata } =
        await (name === undefined ? findBundle(folder, "latest") : latestBundle(folder, name));
      found.add(bundleName(metadata));
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // no such pointer
    }
  }
  return found;
}
