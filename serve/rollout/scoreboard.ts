/** How the models in use compare: what they say, how fast, and how right they are. */

import { quantileSorted } from "../../src/base/mod.ts";
import { partId } from "../../src/prediction_log/mod.ts";
import type { PredictionRecord, Role } from "../contract.ts";
import type { JudgedPrediction, Logged, Unfit } from "../predict/answers/contract.ts";
import { type TaskKind, tasks } from "../predict/answers/tasks.ts";
import { Ring } from "./ring.ts";

/** Predictions that feedback can still find. */
const REMEMBERED = 20_000;

/** Latest latencies, and latest judged predictions, of each model. */
const LATEST = 5_000;

/** Models that are kept apart; versions before these are forgotten. */
const MOST_MODELS = 8;

/** Quality over some predictions: how many, and the figures of the model's task. */
export interface QualityFigures extends Readonly<Record<string, number>> {
  readonly feedback: number;
}

/** How a model did. */
export interface ModelScore {
  readonly model_name: string;
  readonly model_version: string;
  readonly role: Role;
  /** Records that it predicted. */
  readonly predictions: number;
  /** Share of its predictions by class; none of numbers. */
  readonly class_shares: Readonly<Record<string, number>>;
  /** Milliseconds over the latest predictions. */
  readonly latency_ms: { readonly p50: number; readonly p99: number };
  /** Over the latest predictions with feedback; null without any. */
  readonly quality: QualityFigures | null;
}

/** How often champion and challenger say the same; only a shadow lets both predict a record. */
export interface Agreement {
  readonly compared: number;
  readonly agreed: number;
  /** `agreed / compared`, null if nothing is compared. */
  readonly share: number | null;
}

/** What one thread knows of a model in one role, as another one takes it. */
export interface SideFacts {
  readonly name: string;
  readonly version: string;
  readonly role: Role;
  readonly task: TaskKind;
  /** Records that it predicted, and how many of them as each class. */
  readonly predictions: number;
  readonly classes: ReadonlyMap<string, number>;
  /** Milliseconds of its latest predictions. */
  readonly latencies: readonly number[];
  /** Its latest predictions with feedback. */
  readonly judged: readonly JudgedPrediction[];
  /** Of a shadow: how often it was compared with its champion, and agreed. */
  readonly compared: number;
  readonly agreed: number;
}

/** What is kept of one model in one role. */
interface Side {
  readonly name: string;
  readonly version: string;
  readonly role: Role;
  readonly task: TaskKind;
  predictions: number;
  readonly classes: Map<string, number>;
  readonly latencies: Ring<number>;
  readonly judged: Ring<JudgedPrediction>;
  /** Of a shadow: the champion that it is compared with, and how that came out. */
  against?: Side;
  compared: number;
  agreed: number;
}

/** A prediction that feedback can find. */
interface Remembered extends Logged {
  readonly side: Side;
  /** How many were recorded before it. */
  readonly before: number;
  /** Which part of the answer it is, where each comes true by itself. */
  readonly part?: string;
  label?: string | number;
  /** What another model said in the same request. */
  also?: Remembered;
}

/** What became of feedback. */
export type Judgement =
  /** It belongs to predictions that are remembered. */
  | "matched"
  /** The same, of the part that goes by the id of the request itself. */
  | "matched first"
  /** Its prediction is not remembered, but may have been forgotten. */
  | "forgotten"
  /** There was no such prediction. */
  | "unknown"
  /** It cannot be true of the prediction, as a class that its model does not know. */
  | Unfit;

/** Keeps score of every model. */
export class Scoreboard {
  readonly #sides = new Map<string, Side>();
  /** The side of the last prediction: most often that of the next. */
  #lastSide?: Side;
  /** By id, the latest and those before: no key is ever taken out, which a Map is slow at. */
  #remembered = new Map<string, Remembered>();
  #earlier = new Map<string, Remembered>();
  #recorded = 0;

  /** Takes who hears of each comparison, and how many requests are remembered. */
  constructor(
    private readonly onCompared: (agreed: boolean) => void = () => {},
    private readonly room = REMEMBERED,
  ) {}

  /** Takes note of a prediction of a model of some task, or of the first part of one. */
  predicted(record: PredictionRecord, task: TaskKind, part?: string): void {
    const { prediction } = record;
    const side = this.#sideOf(record, task);
    side.predictions++;
    if (typeof prediction === "string") {
      side.classes.set(prediction, (side.classes.get(prediction) ?? 0) + 1);
    }
    side.latencies.add(record.latency_ms);
    this.#await(record, side, part, (one, other) => this.#compare(one, other));
  }

  /** Takes note of a part of a prediction that comes true by itself; it counts as none of its own. */
  awaits(record: PredictionRecord, task: TaskKind): void {
    this.#await(record, this.#sideOf(record, task));
  }

  #await(
    { request_id: id, prediction, probabilities, role }: PredictionRecord,
    side: Side,
    part?: string,
    beside: (one: Remembered, other: Remembered) => void = () => {},
  ): void {
    const one: Remembered = { side, prediction, probabilities, part, before: this.#recorded };
    const first = this.#find(id);
    // Callers may name their requests alike: then the last one of this thread is meant.
    if (first === undefined || sameRole(first, role)) return this.#remember(id, one);
    for (const other of allOf(first)) beside(one, other);
    one.also = first.also;
    first.also = one;
  }

  /**
   * Takes what turned out to be true of an earlier prediction, or of a part of it; a later word on
   * the same one counts.
   */
  judge(id: string, label: string | number, part?: string): Judgement {
    const whole = this.#find(id);
    const isFirst = part !== undefined && whole?.part === part;
    const first = part === undefined || isFirst ? whole : this.#find(partId(id, part));
    if (first === undefined) return this.#recorded > this.room ? "forgotten" : "unknown";
    const found = allOf(first);
    const truths = found.map(({ side, probabilities = {} }) =>
      tasks[side.task].truth(label, Object.keys(probabilities))
    );
    const unfit = truths.find((truth) => typeof truth === "object");
    if (unfit !== undefined) return unfit;
    for (const [at, one] of found.entries()) {
      const news = one.label === undefined;
      one.label = truths[at] as string | number;
      if (news) one.side.judged.add(one as JudgedPrediction);
    }
    return isFirst ? "matched first" : "matched";
  }

  /** All that is known of the models. */
  sides(): SideFacts[] {
    return [...this.#sides.values()].map(({ latencies, judged, against: _, ...side }) => ({
      ...side,
      latencies: latencies.items,
      judged: judged.items.map(({ prediction, probabilities, label }) => ({
        ...{ prediction, probabilities, label },
      })),
    }));
  }

  #compare(one: Remembered, other: Remembered): void {
    const [shadow, champion] = one.side.role === "shadow" ? [one, other] : [other, one];
    if (shadow.side.role !== "shadow" || champion.side.role !== "champion") return;
    if (shadow.side.against !== champion.side) {
      shadow.side.against = champion.side;
      shadow.side.compared = shadow.side.agreed = 0;
    }
    const agreed = tasks[shadow.side.task].agree(shadow.prediction, champion.prediction);
    shadow.side.compared++;
    if (agreed) shadow.side.agreed++;
    this.onCompared(agreed);
  }

  #sideOf(
    { model_name: name, model_version: version, role }: PredictionRecord,
    task: TaskKind,
  ): Side {
    const last = this.#lastSide;
    if (last?.name === name && last.version === version && last.role === role) return last;
    const key = `${role} ${version} ${name}`;
    let side = this.#sides.get(key);
    if (side === undefined) {
      side = {
        ...{ name, version, role, task, predictions: 0, compared: 0, agreed: 0 },
        classes: new Map(),
        latencies: new Ring(LATEST),
        judged: new Ring(LATEST),
      };
      this.#sides.set(key, side);
      if (this.#sides.size > MOST_MODELS) this.#sides.delete(this.#sides.keys().next().value!);
    }
    return this.#lastSide = side;
  }

  #remember(id: string, one: Remembered): void {
    if (this.#remembered.size >= this.room) {
      this.#earlier = this.#remembered;
      this.#remembered = new Map();
    }
    this.#recorded++;
    this.#remembered.set(id, one);
  }

  #find(id: string): Remembered | undefined {
    const found = this.#remembered.get(id) ?? this.#earlier.get(id);
    return found !== undefined && this.#recorded - found.before <= this.room ? found : undefined;
  }
}

/** How each model did, by what every thread knows. */
export function modelScores(facts: readonly SideFacts[]): ModelScore[] {
  const ofSide = Map.groupBy(facts, ({ name, version, role }) => `${role} ${version} ${name}`);
  return [...ofSide.values()].map((sides): ModelScore => {
    const [{ name, version, role, task }] = sides;
    const judged = sides.flatMap((side) => side.judged);
    const predictions = sum(sides.map((side) => side.predictions));
    const labels = [...new Set(sides.flatMap(({ classes }) => [...classes.keys()]))].sort();
    const countOf = (label: string) => sum(sides.map(({ classes }) => classes.get(label) ?? 0));
    const latencies = Float64Array.from(sides.flatMap((side) => side.latencies)).sort();
    return {
      model_name: name,
      model_version: version,
      role,
      predictions,
      class_shares: Object.fromEntries(
        labels.map((label) => [label, countOf(label) / predictions]),
      ),
      latency_ms: { p50: quantileSorted(latencies, 0.5), p99: quantileSorted(latencies, 0.99) },
      quality: judged.length === 0
        ? null
        : { feedback: judged.length, ...tasks[task].quality(judged) },
    };
  });
}

/** How often a version in the shadow agreed with the champion that answered. */
export function agreementOf(facts: readonly SideFacts[], version: string): Agreement {
  const latest = facts.findLast((side) => side.role === "shadow" && side.version === version);
  const sides = facts.filter((side) =>
    side.role === "shadow" && side.version === version && side.name === latest?.name
  );
  const compared = sum(sides.map((side) => side.compared));
  const agreed = sum(sides.map((side) => side.agreed));
  return { compared, agreed, share: compared === 0 ? null : agreed / compared };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What all models said in a request. */
function allOf(first: Remembered): Remembered[] {
  const all: Remembered[] = [];
  for (let one: Remembered | undefined = first; one !== undefined; one = one.also) all.push(one);
  return all;
}

function sameRole(first: Remembered, role: Role): boolean {
  return allOf(first).some(({ side }) => side.role === role);
}
