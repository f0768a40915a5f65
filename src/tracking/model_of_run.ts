/** Finding the model that a run logged on a server, by the id that the model's metadata keep. */

import type { HttpClient } from "./http_client.ts";
import { isMissing } from "./http_errors.ts";
import { type Json, list, record, text } from "./json.ts";
import { originFilter } from "./kept.ts";
import { modelsOf } from "./rest_models.ts";

/** A model on a server, by the run that logged it. */
export interface ModelOfRun {
  /** Id of the run on the server. */
  readonly runId: string;
  /** What the run called the model as it logged it. */
  readonly model: string;
  /** Id of the MLflow 3 LoggedModel; undefined on servers older than MLflow 3. */
  readonly modelId?: string;
}

/** The model of a run, or of the run that was sent from a folder; undefined if there is none. */
export async function findLogged(
  client: HttpClient,
  runId: string,
  model: string,
): Promise<ModelOfRun | undefined> {
  if (await isKnown(client, runId)) return await modelOf(client, runId, model);
  const sent = await sentRun(client, runId);
  return sent === undefined ? undefined : await modelOf(client, sent, model);
}

async function isKnown(client: HttpClient, runId: string): Promise<boolean> {
  try {
    await client.json("GET", "runs/get", { run_id: runId });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function modelOf(
  client: HttpClient,
  runId: string,
  model: string,
): Promise<ModelOfRun | undefined> {
  const named = (await modelsOf(client, runId)).filter(({ name }) => name === model);
  if (named.length > 0) {
    const finished = named.findLast(({ ready }) => ready);
    return finished && { runId, model, modelId: finished.id };
  }
  // Where an older server keeps it.
  const { files } = await client.json("GET", "artifacts/list", { run_id: runId, path: model });
  return list(files).length > 0 ? { runId, model } : undefined;
}

/** The id on the server of a run that had `localId` in a folder. */
async function sentRun(client: HttpClient, localId: string): Promise<string | undefined> {
  let page: string | undefined;
  do {
    const experiments: Json = await client.json("POST", "experiments/search", {
      max_results: 1000,
      page_token: page,
    });
    const found = await client.json("POST", "runs/search", {
      experiment_ids: list(experiments.experiments).map((one) => String(one.experiment_id)),
      filter: originFilter(localId),
      max_results: 1,
    });
    const [run] = list(found.runs);
    if (run !== undefined) return text(record(run.info).run_id);
    page = text(experiments.next_page_token);
  } while (page !== undefined);
}
