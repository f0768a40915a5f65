/** Runs of a server, looked for by its own search. */

import { UsageError } from "../base/mod.ts";
import type { HttpClient } from "./http_client.ts";
import { ResponseError } from "./http_errors.ts";
import { type Json, list, record, text } from "./json.ts";
import {
  type FoundRun,
  type HistoryPoint,
  type RunQuery,
  type RunReader,
  unknownExperiment,
} from "./run_reader.ts";

/** Runs, and points, that a page holds at the most. */
const PAGE = 1000;
const POINTS = 25_000;

/** Reads from the server that a client speaks to. */
export class RestReader implements RunReader {
  #experiments?: Promise<ReadonlyMap<string, string>>;

  /** Takes the connection. */
  constructor(private readonly client: HttpClient) {}

  /** The server's address. */
  get place(): string {
    return this.client.url;
  }

  async experiments(): Promise<readonly string[]> {
    return [...(await this.#all()).values()].sort();
  }

  /** Looks for runs; see {@linkcode RunReader.search}. */
  async search({ experiment, filter = "", order = "", max }: RunQuery): Promise<FoundRun[]> {
    const all = await this.#all();
    const ids = [...all].filter(([, name]) => experiment === undefined || name === experiment)
      .map(([id]) => id);
    if (ids.length === 0) {
      if (experiment === undefined) return [];
      throw unknownExperiment(experiment, await this.experiments(), this.place);
    }
    const runs: FoundRun[] = [];
    let page: string | undefined;
    try {
      do {
        const answer: Json = await this.client.json("POST", "runs/search", {
          experiment_ids: ids,
          filter,
          order_by: order.split(",").map((clause) => clause.trim()).filter((one) => one !== ""),
          max_results: Math.min(PAGE, max - runs.length),
          ...page !== undefined && { page_token: page },
        });
        runs.push(...list(answer.runs).map((run) => foundRun(run, all)));
        page = text(answer.next_page_token);
      } while (page !== undefined && runs.length < max);
    } catch (error) {
      if (!(error instanceof ResponseError && error.status === 400)) throw error;
      throw new UsageError(`Cannot search: ${error.message}`, {
        cause: error,
        next: `write it as MLflow's search does, as in metrics.auc > 0.8 AND params.model = "LR"`,
      });
    }
    return runs;
  }

  /** Values of a metric. */
  async history({ id }: FoundRun, metric: string): Promise<readonly HistoryPoint[]> {
    const points: HistoryPoint[] = [];
    let page: string | undefined;
    do {
      const answer: Json = await this.client.json("GET", "metrics/get-history", {
        run_id: id,
        metric_key: metric,
        max_results: String(POINTS),
        ...page !== undefined && { page_token: page },
      });
      points.push(
        ...list(answer.metrics).map(({ step, value }) => ({
          step: Number(step ?? 0),
          value: Number(value),
        })),
      );
      page = text(answer.next_page_token);
    } while (page !== undefined);
    return points.sort((a, b) => a.step - b.step);
  }

  #all(): Promise<ReadonlyMap<string, string>> {
    return this.#experiments ??= this.#readExperiments();
  }

  async #readExperiments(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let page: string | undefined;
    do {
      const answer: Json = await this.client.json("POST", "experiments/search", {
        max_results: PAGE,
        ...page !== undefined && { page_token: page },
      });
      for (const { experiment_id, name } of list(answer.experiments)) {
        found.set(String(experiment_id), String(name));
      }
      page = text(answer.next_page_token);
    } while (page !== undefined);
    return found;
  }
}

function foundRun(run: Json, experiments: ReadonlyMap<string, string>): FoundRun {
  const [info, data] = [record(run.info), record(run.data)];
  const texts = (values: unknown) =>
    Object.fromEntries(list(values).map(({ key, value }) => [String(key), String(value ?? "")]));
  const end = Number(info.end_time ?? 0);
  return {
    id: String(info.run_id),
    name: String(info.run_name ?? ""),
    experiment: experiments.get(String(info.experiment_id)) ?? String(info.experiment_id),
    status: String(info.status) as FoundRun["status"],
    startTime: Number(info.start_time ?? 0),
    ...end > 0 && { endTime: end },
    params: texts(data.params),
    tags: texts(data.tags),
    metrics: Object.fromEntries(
      list(data.metrics).map(({ key, value }) => [String(key), Number(value)]),
    ),
  };
}
