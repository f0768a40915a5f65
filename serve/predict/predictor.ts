/** From a request's records to answers: which model answers, and who hears of it. */

import { isoTime } from "../observe/timestamp.ts";
import { partId } from "../../src/prediction_log/mod.ts";
import type { AnswerParts, Observer, PredictionRecord, Role, Router } from "../contract.ts";
import type { AnswerPart } from "./answers/contract.ts";
import type { Ticket } from "../http/deadlines.ts";
import { type Fault, mostFaults, Problem } from "../http/problem.ts";
import type { Scores } from "../model/inference.ts";
import type { AskedModel, Places } from "../model/model_directory.ts";
import type { ParsedRecord } from "../model/record_parser.ts";
import type { RunningModel } from "../model/running_model.ts";
import type { CompletedRecord } from "../features/feature_reader.ts";

/** Records that may wait for the model in the shadow: under load it sees fewer of them. */
const SHADOW_QUEUE = 64;

/** Records of a request that are predicted before other requests get their turn: some milliseconds. */
const SLICE = 1024;

/** What a {@linkcode Predictor} needs. */
export interface PredictorOptions {
  readonly places: Places;
  readonly router: Router;
  readonly observer: Observer;
  /** Records that may wait for one model. */
  readonly queueLimit: number;
  /** Adds what is stored of entities to records of models that want it. */
  readonly features?: StoredFeatures;
}

/** Completes records; see {@linkcode ModelFeatures}. */
export interface StoredFeatures {
  /** Records for a model, in their order. */
  complete(model: RunningModel, records: readonly unknown[]): Promise<CompletedRecord[]>;
}

/** Who may answer the records of a request, chosen once for all of them. */
interface Parties {
  readonly model: RunningModel;
  readonly challenger?: RunningModel;
  /** Who decides about the challenger's part. */
  readonly router: Router;
  /** Records of models that want stored features. */
  readonly completed?: ReadonlyMap<RunningModel, readonly CompletedRecord[]>;
}

/** What is known of a request beside its records. */
export interface PredictionRequest {
  /** The request's id. */
  readonly id: string;
  /** What keeps a customer with one model, "" if only the record tells it; asked if there are two. */
  readonly routingKey: () => string;
  /** The model that is asked, undefined for the one that answers by default. */
  readonly named?: AskedModel;
  /** Calls the request off. */
  readonly ticket: Ticket;
}

/** A record with the model that will answer, and the one that runs in its shadow. */
interface Assigned {
  readonly id: string;
  readonly model: RunningModel;
  readonly role: Role;
  readonly record: ParsedRecord;
  readonly shadow?: { readonly model: RunningModel; readonly record: ParsedRecord };
}

/** An answer: its text, and what the model said. */
export interface Predicted {
  readonly json: string;
  readonly model: RunningModel;
  readonly scores: Scores;
}

/** Predicts records. */
export class Predictor {
  /** Takes what it needs. */
  constructor(private readonly options: PredictorOptions) {}

  /**
   * Predicts one record.
   *
   * @throws {Problem} 422 for a bad record, 429 where
   * too many wait, 503 without a model, 504 if it takes too long.
   */
  one(record: unknown, asked: PredictionRequest): Promise<Predicted> {
    if (asked.named === undefined) return this.#one(record, asked);
    return this.#within(asked.named, asked.ticket, () => this.#one(record, asked));
  }

  async #one(record: unknown, asked: PredictionRequest): Promise<Predicted> {
    const faults: Fault[] = [];
    const parties = this.#parties(asked);
    const ready = wantsFeatures(parties) ? await this.#complete(parties, [record]) : parties;
    const assigned = this.#assign(record, 0, "", asked.id, asked, ready, faults);
    if (assigned === undefined) throw invalid(faults);
    this.#checkRoom([assigned], asked);
    return await this.#predict(assigned, performance.now(), asked.ticket);
  }

  /**
   * Predicts many records, all or none.
   *
   * @param at JSON pointer to the list.
   * @throws {Problem} as {@linkcode Predictor.one}.
   */
  many(
    records: readonly unknown[],
    at: string,
    asked: PredictionRequest,
  ): Promise<Predicted[]> {
    if (asked.named === undefined) return this.#many(records, at, asked);
    return this.#within(asked.named, asked.ticket, () => this.#many(records, at, asked));
  }

  async #many(
    records: readonly unknown[],
    at: string,
    asked: PredictionRequest,
  ): Promise<Predicted[]> {
    const faults: Fault[] = [];
    const all: Assigned[] = [];
    const parties = this.#parties(asked);
    const ready = wantsFeatures(parties) ? await this.#complete(parties, records) : parties;
    for (let i = 0; i < records.length && faults.length < mostFaults; i++) {
      const [pointer, id] = [`${at}/${i}`, `${asked.id}#${i}`];
      const assigned = this.#assign(records[i], i, pointer, id, asked, ready, faults);
      if (assigned !== undefined) all.push(assigned);
    }
    if (faults.length > 0) throw invalid(faults);
    const startedAt = performance.now();
    this.#checkRoom(all, asked);
    // Between the slices other models may take over.
    const models = all.flatMap(({ model, shadow }) => shadow ? [model, shadow.model] : [model]);
    const releases = [...new Set(models)].map((model) => model.hold());
    try {
      const predicted: Predicted[] = [];
      for (let from = 0; from < all.length; from += SLICE) {
        if (from > 0) await othersTurn(asked.ticket);
        const slice = all.slice(from, from + SLICE);
        predicted.push(
          ...await Promise.all(slice.map((one) => this.#predict(one, startedAt, asked.ticket))),
        );
      }
      return predicted;
    } finally {
      for (const release of releases) release();
    }
  }

  /** Holds a request to what its model is held to, and the model in memory. */
  async #within<T>(
    { model, challenger, terms }: AskedModel,
    ticket: Ticket,
    work: () => Promise<T>,
  ): Promise<T> {
    const { concurrency = Infinity, timeoutMs } = terms.settings ?? {};
    if (terms.underWay >= concurrency) {
      this.options.observer.unpredicted(model, "champion", "shed");
      throw new Problem(
        429,
        `Cannot take the request: ${terms.underWay} are under way for ${model.name}`,
        { headers: { "Retry-After": "1" } },
      );
    }
    if (timeoutMs !== undefined) ticket.shorten(timeoutMs);
    terms.underWay++;
    const releases = [model.hold(), ...challenger ? [challenger.hold()] : []];
    try {
      return await work();
    } finally {
      terms.underWay--;
      for (const release of releases) release();
    }
  }

  #parties({ named }: PredictionRequest): Parties {
    const { places, router } = this.options;
    if (named !== undefined) {
      return { model: named.model, challenger: named.challenger, router: named.router ?? router };
    }
    return { model: places.model(), challenger: places.challenger?.current, router };
  }

  /** Adds what is stored of entities; other models may take over meanwhile. */
  async #complete(parties: Parties, records: readonly unknown[]): Promise<Parties> {
    const { features } = this.options;
    const { model, challenger } = parties;
    const models = [model, ...challenger ? [challenger] : []].filter(hasViews);
    const releases = models.map((model) => model.hold());
    try {
      const completed = await Promise.all(
        models.map(async (model) =>
          [model, await features?.complete(model, records) ?? []] as const
        ),
      );
      return { ...parties, completed: new Map(completed) };
    } finally {
      for (const release of releases) release();
    }
  }

  /** Reads a record for the model that will answer. */
  #assign(
    sent: unknown,
    place: number,
    at: string,
    id: string,
    { routingKey }: PredictionRequest,
    { model, challenger, router, completed }: Parties,
    faults: Fault[],
  ): Assigned | undefined {
    const { observer } = this.options;
    const read = (by: RunningModel, faults: Fault[]): ParsedRecord | undefined => {
      const full = completed?.get(by)?.[place];
      if (full === undefined) return by.parse(sent, at, faults);
      const parsed = by.parse(full.record, at, faults);
      if (parsed === undefined || full.warnings.length === 0) return parsed;
      return { ...parsed, warnings: [...full.warnings, ...parsed.warnings ?? []] };
    };
    const record = read(model, faults);
    if (record === undefined) {
      observer.unpredicted(model, "champion", "invalid");
      return undefined;
    }
    if (challenger === undefined) return { id, model, role: "champion", record };
    const role = router.choose(routingKey() || record.key || id);
    if (role === "champion") return { id, model, role, record };
    // What the challenger cannot read, the champion answers alone.
    const other = read(challenger, []);
    if (other === undefined) return { id, model, role: "champion", record };
    if (role === "challenger") return { id, model: challenger, role, record: other };
    return { id, model, role: "champion", record, shadow: { model: challenger, record: other } };
  }

  /** A request alone may be longer than what may wait. */
  #checkRoom(all: readonly Assigned[], { named }: PredictionRequest): void {
    const { observer } = this.options;
    const queueLimit = named?.terms.settings?.queueLimit ?? this.options.queueLimit;
    const full = all.find(({ model: { waiting } }) =>
      waiting > 0 && waiting + all.length > queueLimit
    );
    if (full === undefined) return;
    for (const { model, role } of all) observer.unpredicted(model, role, "shed");
    throw new Problem(429, `Cannot take the request: ${full.model.waiting} records wait already`, {
      headers: { "Retry-After": "1" },
    });
  }

  async #predict(assigned: Assigned, startedAt: number, ticket: Ticket): Promise<Predicted> {
    const { id, model, role, record, shadow } = assigned;
    const release = shadow?.model.hold();
    try {
      const scores = await this.#infer(model, role, record, ticket);
      const from = performance.now();
      const latency = Math.round((from - startedAt) * 1000) / 1000;
      const json = model.answers.write(id, scores, latency, record);
      const serialiseMs = performance.now() - from;
      this.#tell(id, model, role, record, scores, startedAt, latency, serialiseMs);
      // Only now, so that nobody waits for it.
      if (shadow !== undefined) this.#runShadow(id, shadow.model, shadow.record);
      return { json, model, scores };
    } finally {
      release?.();
    }
  }

  async #infer(
    model: RunningModel,
    role: Role,
    record: ParsedRecord,
    ticket?: Ticket,
  ): Promise<Scores> {
    try {
      return await model.predict(record, ticket);
    } catch (error) {
      const status = error instanceof Problem && error.status === 504 ? "timeout" : "failed";
      this.options.observer.unpredicted(model, role, status);
      throw error;
    }
  }

  /** Its failure is nobody's but the operator's. */
  async #runShadow(id: string, model: RunningModel, record: ParsedRecord): Promise<void> {
    if (model.waiting >= SHADOW_QUEUE) {
      return this.options.observer.unpredicted(model, "shadow", "shed");
    }
    const startedAt = performance.now();
    try {
      const scores = await this.#infer(model, "shadow", record);
      const latency = Math.round((scores.endedAt - startedAt) * 1000) / 1000;
      this.#tell(id, model, "shadow", record, scores, startedAt, latency, 0);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.observer.log("warn", "the shadow could not predict", { request_id: id, reason });
    }
  }

  #tell(
    id: string,
    model: RunningModel,
    role: Role,
    record: ParsedRecord,
    scores: Scores,
    askedAt: number,
    latency_ms: number,
    serialiseMs: number,
  ): void {
    const { startedAt, endedAt } = scores;
    const { prediction, probabilities } = model.answers.logged(scores, record);
    const logged: PredictionRecord = {
      time: isoTime(),
      request_id: id,
      model_name: model.name,
      model_version: model.version,
      role,
      inputs: record.inputs,
      prediction,
      probabilities,
      latency_ms,
    };
    this.options.observer.predicted(
      logged,
      { queueMs: startedAt - askedAt, inferenceMs: endedAt - startedAt, serialiseMs },
      model,
      record.group,
      partsOf(logged, model.answers.parts?.(scores, record)),
    );
  }
}

/** The later parts of an answer as predictions of their own. */
function partsOf(
  whole: PredictionRecord,
  parts: readonly AnswerPart[] | undefined,
): AnswerParts | undefined {
  if (parts === undefined) return undefined;
  const [{ part: first }, ...rest] = parts;
  const later = rest.map(({ part, ...own }) => (
    { ...whole, ...own, request_id: partId(whole.request_id, part) }
  ));
  return { first, later };
}

const hasViews = ({ metadata }: RunningModel) => metadata.feature_views !== undefined;

function wantsFeatures({ model, challenger }: Parties): boolean {
  return hasViews(model) || challenger !== undefined && hasViews(challenger);
}

/** Waits until what came meanwhile is done; rejects if the request is called off. */
function othersTurn(ticket: Ticket): Promise<void> {
  return new Promise((resolve, reject) => {
    ticket.onCancel(reject);
    setImmediate(resolve);
  });
}

function invalid(faults: readonly Fault[]): Problem {
  const count = faults.length === 1 ? "one value" : `${faults.length} values`;
  return new Problem(422, `Cannot predict: ${count} of the request cannot be used`, {
    errors: faults,
  });
}
