/**
 * Models on a server. On MLflow 3 the files belong to a LoggedModel that is
 * linked to the run, as MLflow's Python client does it: the Models tab shows
 * it, and `runs:/<id>/<name>` finds it. Older servers answer 404; there the
 * files lie among the run's artifacts. Either way they are stored once.
 */

import type { Content, LoggedModel } from "./contract.ts";
import type { HttpClient } from "./http_client.ts";
import { ResponseError } from "./http_errors.ts";
import { type Json, list, pairs, record } from "./json.ts";
import type { RestRun } from "./rest_run.ts";
import type { TextValues } from "./store.ts";

/** A model folder to upload. */
export interface ModelUpload {
  readonly name: string;
  /** The run's parameters, shown with the model. */
  readonly params: TextValues;
  /** The files, given the folder's address and the LoggedModel's id, which they name. */
  files(artifactPath: string, modelId: string | undefined): ReadonlyMap<string, Content>;
}

interface ServerModel {
  readonly id: string;
  readonly name: string;
  readonly artifactUri: string;
  readonly ready: boolean;
}

function asModel(answer: Json): ServerModel {
  const info = record(record(answer.model).info);
  return {
    id: String(info.model_id),
    name: String(info.name),
    artifactUri: String(info.artifact_uri),
    ready: info.status === "LOGGED_MODEL_READY",
  };
}

/** The models that are linked to a run. */
export async function modelsOf(client: HttpClient, runId: string): Promise<ServerModel[]> {
  const answer = await client.json("GET", "runs/get", { run_id: runId });
  const outputs = record(record(answer.run).outputs);
  const models: ServerModel[] = [];
  for (const { model_id } of list(outputs.model_outputs)) {
    models.push(asModel(await client.json("GET", `logged-models/${model_id}`, {})));
  }
  return models;
}

async function createModel(
  client: HttpClient,
  run: RestRun,
  { name, params }: ModelUpload,
): Promise<ServerModel | undefined> {
  try {
    const model = asModel(
      await client.json("POST", "logged-models", {
        experiment_id: run.experiment.id,
        name,
        source_run_id: run.id,
        params: pairs(params),
      }),
    );
    await client.json("POST", "runs/outputs", {
      run_id: run.id,
      models: [{ model_id: model.id, step: 0 }],
    });
    return model;
  } catch (error) {
    if (error instanceof ResponseError && error.status === 404) return undefined;
    throw error;
  }
}

/** Uploads a model folder, into a LoggedModel that an earlier attempt left unfinished if any. */
export async function uploadModel(
  client: HttpClient,
  run: RestRun,
  model: ModelUpload,
  upload: (root: string, path: string, content: Content) => Promise<void>,
): Promise<LoggedModel> {
  const unfinished = (await modelsOf(client, run.id))
    .find(({ name, ready }) => name === model.name && !ready);
  const logged = unfinished ?? await createModel(client, run, model);
  const root = logged?.artifactUri ?? `${run.artifactUri}/${model.name}`;
  for (const [path, content] of model.files(root, logged?.id)) await upload(root, path, content);
  const uri = `runs:/${run.id}/${model.name}`;
  if (logged === undefined) return { uri };
  await client.json("PATCH", `logged-models/${logged.id}`, {
    model_id: logged.id,
    status: "LOGGED_MODEL_READY",
  });
  return { uri, modelId: logged.id };
}
