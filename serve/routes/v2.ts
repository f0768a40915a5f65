/** The Open Inference Protocol, version 2: health, metadata and infer below `/v2`. */

import type { Hono } from "hono";
import type { Admission, AppContext, AppEnv } from "../http/admission.ts";
import { Problem } from "../http/problem.ts";
import { parseJson } from "../http/body.ts";
import type { Ticket } from "../http/deadlines.ts";
import { validBody } from "../http/valid.ts";
import type { Places } from "../model/model_directory.ts";
import type { Life } from "./about.ts";
import type { RunningModel } from "../model/running_model.ts";
import type { Predicted } from "../predict/predictor.ts";
import { namedModel, type PredictionRoutes } from "./predict.ts";
import { answerOf, type EncodedTensor, lengthHeader, withBinaryInputs } from "./v2_binary.ts";
import { type InferRequest, inferRequest } from "../openapi/v2_request.ts";
import { recordsOfTensors } from "./v2_tensors.ts";

const modelPaths = ["/v2/models/:model", "/v2/models/:model/versions/:version"];

/** The paths of infer. */
export const inferPaths: readonly string[] = modelPaths.map((path) => `${path}/infer`);

/** What the server has beside the protocol itself. */
const extensions = [
  "model_repository",
  "model_repository(unload)",
  "statistics",
  "binary_tensor_data",
];

/** Adds health and metadata. */
export function v2Routes(
  app: Hono<AppEnv>,
  gate: Admission,
  places: Places,
  version: string,
  life: Pick<Life, "draining">,
): void {
  app.get("/v2", gate.ask("open", (c) => c.json({ name: "dinoflow", version, extensions })));
  app.get("/v2/health/live", gate.ask("open", (c) => c.json({ live: true })));
  app.get(
    "/v2/health/ready",
    gate.ask("open", (c) => {
      if (life.draining) throw new Problem(503, "Not ready: the server is stopping");
      places.model();
      return c.json({ ready: true, live: true });
    }),
  );
  for (const path of modelPaths) {
    app.get(path, gate.ask("predict", (c) => c.json(metadataOf(asked(c, places)))));
    app.get(
      `${path}/ready`,
      gate.ask("predict", (c) => {
        const { name } = asked(c, places);
        return c.json({ name, ready: true });
      }),
    );
  }
}

/** Adds infer. */
export function inferRoutes(
  app: Hono<AppEnv>,
  { gate, predictor, places, batchLimit }: PredictionRoutes,
): void {
  const infer = gate.work("predict", async (c, ticket) => {
    const request = await readRequest(c, gate, ticket);
    const { req } = c;
    const named = await namedModel(places, ticket, req.param("model")!, req.param("version"));
    const { model } = named;
    const records = recordsOfTensors(request, model.metadata.input_schema, batchLimit);
    const id = c.get("id");
    const predicted = await predictor.many(records, "", {
      id,
      routingKey: () => "",
      named,
      ticket,
    });
    return answerOf({
      model_name: model.name,
      model_version: model.version,
      id: request.id ?? id,
      outputs: outputsOf(model, predicted, request),
    });
  });
  for (const path of inferPaths) app.post(path, infer);
}

function asked(c: AppContext, places: Places): RunningModel {
  return places.model(c.req.param("model"), c.req.param("version"));
}

/** The request; binary tensors follow its JSON, which is as long as the header says. */
async function readRequest(c: AppContext, gate: Admission, ticket: Ticket): Promise<InferRequest> {
  const length = c.req.raw.headers.get(lengthHeader);
  const parse = (body: unknown) => validBody(inferRequest, body, "Cannot infer", 400);
  if (length === null) return withBinaryInputs(parse(await gate.body(c, ticket)), undefined);
  const bytes = await gate.bytes(c, ticket);
  if (!/^\d{1,10}$/.test(length) || Number(length) > bytes.length) {
    throw new Problem(400, `Cannot infer: ${lengthHeader} is no length within the body`);
  }
  const request = parse(parseJson(bytes.subarray(0, Number(length))));
  return withBinaryInputs(request, bytes.subarray(Number(length)));
}

function metadataOf({ name, version, metadata, answers }: RunningModel) {
  return {
    name,
    versions: [version],
    platform: "onnx_onnxruntime",
    inputs: metadata.input_schema.map((column) => ({
      name: column.name,
      datatype: column.kind === "number" ? "FP32" : "BYTES",
      shape: [-1],
    })),
    outputs: answers.tensors.map(({ name, datatype }) => ({ name, datatype, shape: [-1] })),
  };
}

function outputsOf(
  { answers: { tensors } }: RunningModel,
  predicted: readonly Predicted[],
  { outputs, parameters }: InferRequest,
): EncodedTensor[] {
  const names = tensors.map(({ name }) => name);
  const unknown = outputs?.find(({ name }) => !names.includes(name))?.name;
  if (unknown !== undefined) {
    throw new Problem(
      400,
      `There is no output "${unknown.slice(0, 100)}": wanted ${names.join(", ")}`,
    );
  }
  return tensors.flatMap(({ name, datatype, of }) => {
    const wanted = outputs?.find((output) => output.name === name);
    if (outputs !== undefined && wanted === undefined) return [];
    const data = predicted.map(({ scores }) => of(scores));
    const binary = (wanted?.parameters?.binary_data ?? parameters?.binary_data_output) === true;
    return { name, datatype, shape: [data.length], data, binary };
  });
}
