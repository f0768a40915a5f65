/** Takes the rows of one version of a model in, and keeps what is needed to judge them. */

import type { WindowPoint } from "../../monitor_files/mod.ts";
import {
  type ColumnSample,
  expectedErrors,
  QuantileSketch,
  SampleSketch,
} from "../../drift/mod.ts";
import { clean } from "../../features/mod.ts";
import { type PredictionColumns, type RawCell, sliceColumns } from "../../prediction_log/mod.ts";
import { driftSample } from "../../registry/mod.ts";
import { answerKindOf } from "../answers/kinds.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import { addCounts, countRows, type RowCounts, stabilityIndex } from "./claimed_shares.ts";
import { type Counting, countingRows } from "./counting_rows.ts";
import { addEvidence, beginMoment } from "./evidence.ts";
import { type Said, saidBy } from "./said.ts";
import { SeenGroups } from "./seen_groups.ts";
import { type ModelState, MOST_POINTS, MOST_RECENT, type OpenWindowState } from "./state.ts";
import { WaitingAnswers } from "./waiting_answers.ts";
import { WaitingSketch } from "./waiting_sketch.ts";
import { gatherTexts, type WatchedTextOptions } from "./watched_texts.ts";
import { isWrong, labelAsNumber, type WatchedClaims, watchedClaims } from "./watched_claims.ts";

/** What the server writes instead of a value that the log must not hold. */
const hashed = /^sha256:[0-9a-f]{16}$/;
/** From here on an index of stability says that a column has moved. */
export const MOVED = 0.1;
/** Latest labels that are kept. */
const MOST_JUDGED = 2000;

/** How rows are gathered. */
export interface GatherOptions {
  /** Length of a window in milliseconds. */
  readonly windowMs: number;
  /** Rows of the latest windows that are judged together. */
  readonly recentRows: number;
  /** The moment of the look: no row is of a later one, whatever the clock of its server said. */
  readonly now: Date;
  /** What texts are held against; absent if nothing. */
  readonly texts?: WatchedTextOptions;
}

/** What belongs to one version of a model. */
export class ModelWatch {
  /** What its training claims. */
  readonly claims: WatchedClaims;
  readonly #answers: WaitingAnswers;
  #sketch = new WaitingSketch();
  #before = new WaitingSketch();
  #latency = new QuantileSketch();
  #seen?: SeenGroups;
  #judged?: SeenGroups;

  /** Goes on from what was kept. */
  constructor(
    readonly model: WatchedModel,
    readonly state: ModelState,
    private readonly options: GatherOptions,
  ) {
    const { window, before, seen, seen_judged } = state;
    this.claims = watchedClaims(model);
    if (options.texts === undefined) delete state.texts;
    this.#answers = new WaitingAnswers(state, options.recentRows);
    if (before !== null) this.#before.merge(before);
    if (window?.sample) this.#sketch.merge(window.sample);
    if (window?.latency) this.#latency = QuantileSketch.from(window.latency);
    if (seen !== undefined) this.#seen = new SeenGroups(seen);
    if (seen_judged !== undefined) this.#judged = new SeenGroups(seen_judged);
  }

  /** What is kept of it, up to date. */
  saved(): ModelState {
    const { state } = this;
    this.#answers.save();
    state.before = this.#before.sample();
    if (this.#seen) state.seen = this.#seen.toJSON();
    if (this.#judged) state.seen_judged = this.#judged.toJSON();
    if (state.window !== null) {
      state.window.sample = this.#sketch.sample();
      state.window.latency = this.#latency.count > 0 ? this.#latency.toJSON() : null;
    }
    return state;
  }

  /** Takes predictions in, in the order in which they were made. */
  take(columns: PredictionColumns): void {
    const { rows, times } = columns;
    const now = this.options.now.getTime();
    for (let from = 0; from < rows;) {
      const window = this.#windowOf(Math.min(times[from], now));
      let to = from + 1;
      // Rows that come after their window was over count in the one that is open.
      while (to < rows && Math.min(times[to], now) < window.to) to++;
      this.#add(window, from === 0 && to === rows ? columns : sliceColumns(columns, from, to));
      from = to;
    }
  }

  /** All that is new is in: the state is up to date, and a window whose time is over has ended. */
  settle(): void {
    const { window } = this.state;
    this.#answers.save();
    if (window !== null && window.to <= this.options.now.getTime()) this.#closeWindow(window);
  }

  /** Takes what turned out to be true of a prediction; whether it was waiting for that. */
  label(id: string, label: string | number): boolean {
    const waiting = this.#answers.take(id);
    if (waiting !== undefined) this.judge(waiting.said, label, waiting.group);
    return waiting !== undefined;
  }

  /** Takes a label of an answer that is found in the log. */
  judge(said: readonly number[], label: string | number, group: string | null): void {
    const { metadata } = this.model;
    const { state } = this;
    const truth = labelAsNumber(metadata, label);
    if (Number.isNaN(truth)) return;
    const wrong = isWrong(metadata, truth, said);
    state.labels++;
    state.judged.push([truth, ...said]);
    state.judged_groups.push(group);
    if (state.judged.length > MOST_JUDGED) {
      state.judged.shift();
      state.judged_groups.shift();
    }
    if (state.evidence.starts.length === 0) beginMoment(state.evidence);
    const { begun } = state.evidence;
    const before = group === null ? 0 : (this.#judged ??= new SeenGroups()).count(group, begun);
    addEvidence(state.evidence, wrongKey, [1, wrong ? 1 : 0], before);
    if (state.window === null) return;
    state.window.labels++;
    if (wrong) state.window.wrong++;
  }

  /**
   * Counts of the latest rows, by column, and how many independent rows they are worth: the open
   * window and those before it that are needed.
   */
  recent(): {
    readonly rows: number;
    readonly worth: number;
    readonly counts: Readonly<Record<string, RowCounts>>;
  } {
    const { window, recent } = this.state;
    let [rows, worth] = [window?.rows ?? 0, window?.worth ?? 0];
    let counts = window?.counts ?? {};
    for (const one of recent.toReversed()) {
      if (rows >= this.options.recentRows) break;
      rows += one.rows;
      worth += one.worth;
      counts = merged(counts, one.counts);
    }
    return { rows, worth, counts };
  }

  /** Sketches of the latest rows: the open window and those before it that are needed. */
  recentSample() {
    const sketch = new SampleSketch();
    for (const part of [this.#before.sample(), this.#sketch.sample()]) {
      if (part !== null) sketch.merge(part);
    }
    return sketch.sample();
  }

  /** A column as it is watched. */
  columnOf(name: string) {
    return this.claims.inputs[name] ?? this.claims.outputs[name];
  }

  /** A window as the page draws it; the open one as far as it has come. */
  point(window: OpenWindowState): WindowPoint {
    // The index of a few rows says little: it is that of the latest windows together.
    const scores = Object.entries(this.recent().counts)
      .filter(([name]) => Object.hasOwn(this.claims.inputs, name))
      .map(([name, counts]) => stabilityIndex(this.claims.inputs[name], counts))
      .filter((score) => score !== null);
    const gaps = Object.values(window.counts).map(({ gaps }) => gaps);
    const [rows, missing] = [0, 1].map((i) => gaps.reduce((sum, own) => sum + own[i], 0));
    const { points, cumulative } = this.#latency.points();
    const quantile = (share: number) => points[cumulative.findIndex((below) => below >= share)];
    return {
      from: window.from,
      rows: window.rows,
      psi: scores.length === 0 ? null : Math.max(...scores),
      drifted: scores.filter((score) => score >= MOVED).length,
      missing: rows === 0 ? 0 : missing / rows,
      latency_ms: this.#latency.count === 0
        ? null
        : { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
      above: this.model.metadata.decision === undefined ? null : window.above / window.rows,
      labels: window.labels,
      wrong: window.labels === 0 ? null : window.wrong / window.labels,
    };
  }

  /** The window that a row belongs to; the one before it is ended. */
  #windowOf(time: number): OpenWindowState {
    const { windowMs } = this.options;
    const { state } = this;
    if (state.window !== null && time < state.window.to) return state.window;
    if (state.window !== null) this.#closeWindow(state.window);
    const from = Math.floor(time / windowMs) * windowMs;
    state.window = {
      ...{ from, to: from + windowMs, rows: 0, worth: 0, counts: {}, sample: null, latency: null },
      ...{ unreadable: 0, above: 0, labels: 0, wrong: 0 },
    };
    beginMoment(state.evidence);
    return state.window;
  }

  #closeWindow(window: OpenWindowState): void {
    const { state } = this;
    state.window = null;
    state.recent.push({ rows: window.rows, worth: window.worth, counts: window.counts });
    if (state.recent.length > MOST_RECENT) state.recent.shift();
    state.history.push(this.point(window));
    if (state.history.length > MOST_POINTS) state.history.shift();
    // Windows are joined until they hold enough rows to be compared.
    if (this.#before.rows >= this.options.recentRows) this.#before = this.#sketch;
    else this.#before.take(this.#sketch);
    this.#sketch = new WaitingSketch();
    this.#latency = new QuantileSketch();
  }

  #add(window: OpenWindowState, columns: PredictionColumns): void {
    const { model: { metadata }, state, claims } = this;
    const { rows, roles, times, latencies } = columns;
    const inputs = this.#inputsOf(columns, window);
    const { groups, countings, worth } = this.#countingsOf(columns);
    this.#sketch.add({ rows, columns: inputs, groups });
    const said = saidBy(metadata, columns);
    const outputs = answerKindOf(metadata.task)?.logged(columns, this.model, undefined).columns;
    this.#count(window, claims.inputs, inputs, rows, countings);
    this.#count(window, claims.outputs, outputs ?? {}, rows, countings);
    this.#countExpected(said, rows, countings);
    if (this.options.texts) gatherTexts(state.texts ??= {}, this.model, columns);
    window.rows += rows;
    window.worth += worth;
    state.predictions += rows;
    for (let row = 0; row < rows; row++) this.#latency.add(latencies[row]);
    for (const role of new Set(roles)) {
      state.roles[role] = new Date(times[roles.lastIndexOf(role)]).toISOString();
    }
    const { decision } = metadata;
    const shares = decision && columns.probabilities[decision.label];
    if (shares) { for (const share of shares) if (share >= decision.threshold) window.above++; }
    this.#answers.add(columns, said);
  }

  /** Which rows count for which moments. */
  #countingsOf({ groups, rows }: PredictionColumns) {
    const { evidence } = this.state;
    if (groups.every((group) => group === undefined)) {
      return { groups: undefined, countings: [{ after: 0 }], worth: rows };
    }
    return countingRows(groups, rows, this.#seen ??= new SeenGroups(), evidence);
  }

  /** The inputs as training cleaned them, without those that the log holds as digests. */
  #inputsOf({ rows, inputs }: PredictionColumns, window: OpenWindowState) {
    const { declared, metadata } = this.model;
    const digests = new Set<string>();
    const columns: Record<string, readonly RawCell[]> = {};
    for (const { name } of metadata.feature_state.columns) {
      const cells = Object.hasOwn(inputs, name) ? inputs[name] : [];
      if (cells.some(isDigest)) digests.add(name);
      columns[name] = cells.length === 0 || digests.has(name) ? new Array(rows).fill(null) : cells;
    }
    const data = clean(declared.set, { rows, columns }, { target: "none", state: declared.state });
    for (const { what, count } of data.notices ?? []) {
      if (what === "unread") window.unreadable += count;
    }
    const read = Object.entries(declared.set.columns).filter(([name]) => !digests.has(name));
    return driftSample({ columns: Object.fromEntries(read) }, data, declared.state).columns;
  }

  #count(
    window: OpenWindowState,
    claims: WatchedClaims["inputs"],
    columns: Readonly<Record<string, ColumnSample>>,
    rows: number,
    countings: readonly Counting[],
  ): void {
    for (const [name, column] of Object.entries(claims)) {
      if (!Object.hasOwn(columns, name)) continue;
      const all = countRows(column, columns[name], rows);
      const before = window.counts[name];
      window.counts[name] = before === undefined ? all : addCounts(before, all);
      for (const { after, counts } of countings) {
        const own = counts === undefined ? all : countRows(column, columns[name], rows, counts);
        addEvidence(this.state.evidence, valuesKey(name), own.values, after);
        addEvidence(this.state.evidence, gapsKey(name), own.gaps, after);
      }
    }
  }

  /** How often answers are expected to be wrong, before anybody knows. */
  #countExpected(
    { classes, predicted, probabilities }: Said,
    rows: number,
    countings: readonly Counting[],
  ) {
    const kept = this.model.metadata.reference_performance;
    if (this.claims.expectedWrong === undefined) return;
    if (kept === undefined || !("performance" in kept)) return;
    const errors = expectedErrors(kept.performance, {
      ...{ classes, probabilities, predicted: predicted as Int32Array },
    });
    for (const { after, counts } of countings) {
      let [all, wrong] = [0, 0];
      for (let row = 0; row < rows; row++) {
        if (counts?.[row] === 0) continue;
        all++;
        wrong += errors[row];
      }
      addEvidence(this.state.evidence, expectedWrongKey, [all, wrong], after);
    }
  }
}

/** Where the evidence about a column's values stands. */
export const valuesKey = (column: string): string => `values of ${column}`;
/** Where that about its missing values stands. */
export const gapsKey = (column: string): string => `gaps of ${column}`;
/** Where that about wrong answers stands. */
export const wrongKey = "wrong answers";
/** Where that about answers stands that are expected to be wrong. */
export const expectedWrongKey = "expected wrong answers";

const isDigest = (cell: RawCell) =>
  typeof cell === "string" && cell.length === 23 && hashed.test(cell);

function merged(
  a: Readonly<Record<string, RowCounts>>,
  b: Readonly<Record<string, RowCounts>>,
): Record<string, RowCounts> {
  const sum = { ...a };
  for (const [name, counts] of Object.entries(b)) {
    sum[name] = sum[name] === undefined ? counts : addCounts(sum[name], counts);
  }
  return sum;
}
