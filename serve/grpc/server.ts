/**
 * The Open Inference Protocol over gRPC: each call is a request to the
 * application, so that keys, limits, models and logs are those of HTTP.
 */

import {
  loadPackageDefinition,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  status,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { fromFileUrl } from "@std/path";
import type { Hono } from "hono";
import { Buffer } from "node:buffer";
import type { AppEnv } from "../http/admission.ts";
import type { Certificate } from "../http/listener.ts";
import { BadGrpcMessage, inferBody, type InferMessage, inferMessage } from "./messages.ts";

/** What a {@linkcode listenGrpc} needs. */
export interface GrpcOptions {
  readonly hostname: string;
  readonly port: number;
  /** Undefined without TLS. */
  readonly certificate?: Certificate;
  /** Bytes of a message. */
  readonly bodyLimit: number;
}

/** A running server. */
export interface GrpcServer {
  readonly port: number;
  /** Takes no more calls; ends when those under way have their answers. */
  shutdown(): Promise<void>;
}

/** A message of a model's name and version. */
interface Named {
  readonly name: string;
  readonly version: string;
}

/** Statuses of HTTP as gRPC has them. */
const codes: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  408: status.DEADLINE_EXCEEDED,
  409: status.FAILED_PRECONDITION,
  413: status.RESOURCE_EXHAUSTED,
  415: status.INVALID_ARGUMENT,
  422: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** Headers of gRPC itself. */
const own = /^(?:grpc-.*|content-type|content-length|te|connection|accept-encoding|.*-bin)$/;

/**
 * Listens.
 *
 * @throws {Error} if the address is taken.
 */
export async function listenGrpc(
  { hostname, port, certificate, bodyLimit }: GrpcOptions,
  app: Hono<AppEnv>,
): Promise<GrpcServer> {
  const server = new Server({ "grpc.max_receive_message_length": bodyLimit });
  server.addService(inferenceService(), handlersOf(app));
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${host}:${port}`,
      credentialsOf(certificate),
      (error, port) => error === null ? resolve(port) : reject(error),
    );
  });
  const shutdown = () =>
    new Promise<void>((resolve, reject) => {
      server.tryShutdown((error) => error === undefined ? resolve() : reject(error));
    });
  return { port: bound, shutdown };
}

function inferenceService() {
  const path = fromFileUrl(new URL("./inference.proto", import.meta.url));
  const definition = loadSync(path, { keepCase: true, longs: Number, defaults: true });
  const { inference } = loadPackageDefinition(definition) as unknown as {
    inference: { GRPCInferenceService: ServiceClientConstructor };
  };
  return inference.GRPCInferenceService.service;
}

function credentialsOf(certificate: Certificate | undefined): ServerCredentials {
  if (certificate === undefined) return ServerCredentials.createInsecure();
  const pair = {
    cert_chain: Buffer.from(certificate.cert),
    private_key: Buffer.from(certificate.key),
  };
  return ServerCredentials.createSsl(null, [pair]);
}

type Call<T> = ServerUnaryCall<T, object>;

function handlersOf(app: Hono<AppEnv>) {
  const unary =
    <T>(answer: (call: Call<T>) => Promise<object>) =>
    (call: Call<T>, done: sendUnaryData<object>) => {
      answer(call).then((message) => done(null, message), (error) => done(refusalOf(error)));
    };
  const ask = async (call: Call<unknown>, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(call.metadata.getMap())) {
      if (!own.test(name) && typeof value === "string") headers.set(name, value);
    }
    const hostname = call.getPeer().replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
    const request = new Request(`http://${call.getHost()}${path}`, { ...init, headers });
    return await app.fetch(request, { remoteAddr: { hostname } });
  };
  const told = async (call: Call<unknown>, path: string) => await jsonOf(await ask(call, path));
  const ready = async (call: Call<unknown>, path: string) => {
    const response = await ask(call, path);
    if ([404, 503].includes(response.status)) return { ready: false };
    await jsonOf(response);
    return { ready: true };
  };
  return {
    ServerLive: unary((call) => told(call, "/v2/health/live")),
    ServerReady: unary((call) => ready(call, "/v2/health/ready")),
    ServerMetadata: unary((call) => told(call, "/v2")),
    ModelReady: unary<Named>((call) => ready(call, `${pathOf(call.request)}/ready`)),
    ModelMetadata: unary<Named>((call) => told(call, pathOf(call.request))),
    ModelInfer: unary<InferMessage>(async (call) => {
      const { model_name: name, model_version: version } = call.request;
      const path = `${pathOf({ name, version })}/infer`;
      const response = await ask(call, path, { method: "POST", ...inferBody(call.request) });
      if (!response.ok) await jsonOf(response);
      return await inferMessage(response);
    }),
  };
}

function pathOf({ name, version }: Named): string {
  const model = `/v2/models/${encodeURIComponent(name)}`;
  return version === "" ? model : `${model}/versions/${encodeURIComponent(version)}`;
}

/** A refusal of the application. */
class Refused extends Error {
  constructor(readonly code: status, detail: string) {
    super(detail);
  }
}

async function jsonOf(response: Response): Promise<object> {
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Refused(codes[response.status] ?? status.INTERNAL, answer.error ?? answer.detail);
}

function refusalOf(error: unknown) {
  if (error instanceof Refused) return { code: error.code, details: error.message };
  if (error instanceof BadGrpcMessage) {
    return { code: status.INVALID_ARGUMENT, details: error.message };
  }
  return { code: status.INTERNAL, details: "The server failed; its log tells why" };
}
