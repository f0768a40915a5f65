/** The Open Inference Protocol over gRPC: by a client of this process and, where it is there, Python's. */

import { credentials, loadPackageDefinition, Metadata } from "@grpc/grpc-js";
import { loadSync, type MessageTypeDefinition } from "@grpc/proto-loader";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { succeeds } from "../program.ts";
import { nativeAnswers, records } from "./fixture.ts";
import { root, withServer } from "./server_process.ts";

const proto = join(root, "serve/grpc/inference.proto");
const python = join(root, ".venv/bin/python");
const installed = await succeeds(python, "-c", "import grpc");

const some = records.slice(0, 3);
const columns = Object.keys(some[0]).map((name) => {
  const values = some.map((record) => record[name]);
  const isNumber = values.every((value) => typeof value === "number" || value === null);
  return isNumber
    ? { name, datatype: "FP32", values }
    : { name, datatype: "BYTES", values: values.map((value) => String(value ?? "")) };
});

async function checkOutputs(outputs: Record<string, unknown[]>): Promise<void> {
  const expected = await nativeAnswers(some);
  assertEquals(outputs.label, expected.map(({ prediction }) => prediction));
  for (const [row, { probabilities }] of expected.entries()) {
    for (const [label, probability] of Object.entries(probabilities)) {
      assertAlmostEquals(Number(outputs[`probability_${label}`][row]), probability, 1e-5);
    }
  }
}

type Done = (error: { code: number; details: string } | null, answer: unknown) => void;
type Method = (request: unknown, metadata: Metadata, done: Done) => void;

/** The service's file descriptor in base64. */
function descriptor(): string {
  const { "inference.ModelInferRequest": type } = loadSync(proto, { keepCase: true });
  const [bytes] = (type as MessageTypeDefinition<object, object>).fileDescriptorProtos;
  return bytes.toString("base64");
}

/** Calls a method; a refusal is its code. */
async function withClient(
  port: number,
  test: (
    call: (name: string, request?: unknown, headers?: Record<string, string>) => Promise<unknown>,
  ) => Promise<void>,
): Promise<void> {
  const definition = loadSync(proto, { keepCase: true, longs: Number, defaults: true });
  // deno-lint-ignore no-explicit-any
  const { inference } = loadPackageDefinition(definition) as any;
  const client = new inference.GRPCInferenceService(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  try {
    await test((name, request = {}, headers = {}) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new Promise((resolve) => {
        (client[name] as Method).call(
          client,
          request,
          metadata,
          (error, answer) => resolve(error === null ? answer : error.code),
        );
      });
    });
  } finally {
    client.close();
  }
}

for (const workers of ["1", "2"]) {
  Deno.test(`grpc: calls are answered as requests are, with their keys (--workers ${workers})`, () =>
    withServer(
      ["--workers", workers, "--grpc-port", "0", "--api-keys", "a-predict-key-01"],
      async (server) => {
        const { port } = await server.logged("listening for gRPC") as { port: number };
        await withClient(port, async (call) => {
          const key = { "x-api-key": "a-predict-key-01" };
          assertEquals(await call("ServerLive"), { live: true });
          assertEquals(await call("ServerReady"), { ready: true });
          assertEquals(await call("ModelReady", { name: "Model0" }, key), { ready: true });
          assertEquals(await call("ModelReady", { name: "Nobody" }, key), { ready: false });
          const request = {
            model_name: "Model0",
            inputs: columns.map(({ name, datatype, values }) => ({
              ...{ name, datatype, shape: [3] },
              contents: datatype === "BYTES"
                ? { bytes_contents: values.map((text) => new TextEncoder().encode(String(text))) }
                : { fp32_contents: values.map((value) => value ?? NaN) },
            })),
          };
          assertEquals(await call("ModelInfer", request), 16); // UNAUTHENTICATED
          const { outputs } = await call("ModelInfer", request, key) as {
            outputs: {
              name: string;
              contents: { bytes_contents: Uint8Array[]; fp32_contents: number[] };
            }[];
          };
          await checkOutputs(Object.fromEntries(
            outputs.map(({ name, contents: { bytes_contents: texts, fp32_contents } }) => [
              name,
              texts.length > 0
                ? texts.map((text) => new TextDecoder().decode(text))
                : fp32_contents,
            ]),
          ));
          assertEquals(await call("ModelMetadata", { name: "Nobody" }, key), 5); // NOT_FOUND
        });
        assertEquals(await server.stop(), 0);
      },
    ));
}

Deno.test({
  name: `grpc: Python's client gets the same${installed ? "" : " (needs .venv with grpcio)"}`,
  ignore: !installed,
  fn: () =>
    withServer(["--grpc-port", "0"], async (server) => {
      const { port } = await server.logged("listening for gRPC") as { port: number };
      const { success, stdout, stderr } = await new Deno.Command(python, {
        args: [
          join(root, "tests/python/grpc_infer.py"),
          ...[`127.0.0.1:${port}`, descriptor(), "Model0", JSON.stringify(columns)],
        ],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const said = JSON.parse(new TextDecoder().decode(stdout));
      assertEquals([said.live, said.ready, said.server], [true, true, "dinoflow"]);
      assertEquals(said.model_ready, [true, false]);
      assertEquals(said.inputs[0], ["Age", "FP32", [-1]]);
      await checkOutputs(said.typed);
      await checkOutputs(said.raw);
      assertEquals(said.refused, [
        "NOT_FOUND",
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        "RESOURCE_EXHAUSTED",
      ]);
      assertEquals(await server.stop(), 0);
    }),
});
