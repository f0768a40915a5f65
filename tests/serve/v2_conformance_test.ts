/**
 * The HTTP part of the Open Inference Protocol, in the order of its published specification
 * (specification/protocol/inference_rest.md of kserve/open-inference-protocol), against a server
 * process: each path, and of each object which fields it must and may have. The binary extension is
 * walked in the order of Triton's extension_binary_data.md.
 */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { withServer } from "./server_process.ts";

/** Tensor data types of the specification. */
const datatypes = z.enum(
  "BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FP16 FP32 FP64 BYTES".split(" "),
);
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const scalar = z.union([z.number(), z.string(), z.boolean()]);

const metadataTensor = z.strictObject({
  name: z.string(),
  datatype: datatypes,
  shape: z.array(z.int().min(-1)), // -1 is a dimension of variable size
});

/** Objects by the names that the specification gives them; what it does not name is not there. */
const objects = {
  metadata_server_response: z.strictObject({
    name: z.string(),
    version: z.string(),
    extensions: z.array(z.string()),
  }),
  live_server_response: z.strictObject({ live: z.boolean() }),
  // The text says `live`, its servers say `ready`: both are there.
  ready_server_response: z.strictObject({ live: z.boolean(), ready: z.boolean() }),
  ready_model_response: z.strictObject({ name: z.string(), ready: z.boolean() }),
  metadata_model_response: z.strictObject({
    name: z.string(),
    versions: z.array(z.string()).optional(),
    platform: z.string(),
    inputs: z.array(metadataTensor),
    outputs: z.array(metadataTensor),
  }),
  inference_response: z.strictObject({
    model_name: z.string(),
    model_version: z.string().optional(),
    id: z.string(),
    parameters: parameters.optional(),
    outputs: z.array(z.strictObject({
      name: z.string(),
      shape: z.array(z.int().min(0)),
      datatype: datatypes,
      parameters: parameters.optional(),
      data: z.array(scalar).optional(), // left out where it comes in binary form
    })),
  }),
  error_response: z.strictObject({ error: z.string().min(1) }),
};

const age = { name: "Age", shape: [2], datatype: "FP64", data: [35, 52] };
const job = { name: "Job", shape: [2], datatype: "BYTES", data: ["Lawyer", "Doctor"] };

for (const workers of ["1", "2"]) {
  Deno.test(`v2: the server is what the specification says, object by object (--workers ${workers})`, () =>
    withServer(["--workers", workers], async (_server, url) => {
      const call = async <Name extends keyof typeof objects>(
        path: string,
        wanted: Name,
        body?: unknown,
        init: RequestInit = {},
      ): Promise<z.output<typeof objects[Name]>> => {
        const response = await fetch(`${url}/${path}`, {
          ...(body !== undefined && {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
          ...init,
        });
        const told = `${path} ${JSON.stringify(body)}`;
        if (wanted === "error_response") {
          assert(response.status >= 400 && response.status < 500, told);
        } else assertEquals(response.status, 200, told);
        assertEquals(response.headers.get("content-type")?.split(";")[0], "application/json", told);
        return objects[wanted].parse(await response.json()) as z.output<typeof objects[Name]>;
      };

      // Server Metadata, Server Live, Server Ready.
      const server = await call("v2", "metadata_server_response");
      assertEquals(await call("v2/", "metadata_server_response"), server);
      assert(server.extensions.includes("binary_tensor_data"));
      assertEquals(await call("v2/health/live", "live_server_response"), { live: true });
      assertEquals(await call("v2/health/ready", "ready_server_response"), {
        ...{ ready: true, live: true },
      });

      // Model Metadata, Model Ready; the version may be named or not.
      const model = await call("v2/models/Model0", "metadata_model_response");
      const [version] = model.versions!;
      const paths = ["v2/models/Model0", `v2/models/Model0/versions/${version}`];
      for (const path of paths) {
        assertEquals(await call(path, "metadata_model_response"), model);
        assertEquals(await call(`${path}/ready`, "ready_model_response"), {
          ...{ name: "Model0", ready: true },
        });
      }
      for (
        const path of ["v2/models/None", "v2/models/Model0/versions/0", "v2/models/None/ready"]
      ) {
        await call(path, "error_response");
      }

      // Inference: the request's fields, required and optional ones.
      const names = model.outputs.map(({ name }) => name);
      for (const path of paths) {
        const bare = await call(`${path}/infer`, "inference_response", { inputs: [age, job] });
        assertEquals([bare.model_name, bare.model_version], ["Model0", version]);
        // Without outputs, all that the model has come, as its metadata say.
        assertEquals(bare.outputs.map(({ name }) => name), names);
        for (const [at, { datatype, shape, data }] of bare.outputs.entries()) {
          assertEquals([datatype, shape, data?.length], [model.outputs[at].datatype, [2], 2]);
        }
        const full = await call(`${path}/infer`, "inference_response", {
          ...{ id: "42", parameters: { priority: 1, tag: "a", own: true } },
          inputs: [{ ...age, parameters: { content_type: "np" } }, job],
          outputs: names.toReversed().map((name) => ({ name, parameters: { binary_data: false } })),
        });
        assertEquals(full.id, "42");
        assertEquals(
          Object.fromEntries(full.outputs.map(({ name, data }) => [name, data])),
          Object.fromEntries(bare.outputs.map(({ name, data }) => [name, data])),
        );
        const [one] = (await call(`${path}/infer`, "inference_response", {
          ...{ inputs: [age, job], outputs: [{ name: names[1] }] },
        })).outputs;
        assertEquals(one, bare.outputs[1]);
        // Tensor data: flat in row-major order, or as nested as the shape.
        const nested = { ...age, shape: [2, 1], data: [[35], [52]] };
        const flat = { ...age, shape: [2, 1] };
        for (const input of [nested, flat]) {
          const found = await call(`${path}/infer`, "inference_response", { inputs: [input, job] });
          assertEquals(found.outputs, bare.outputs);
        }
      }

      // What is missing, unknown or of another type is an error in the protocol's form.
      for (
        const body of [
          ...[{}, { inputs: [] }, { inputs: [{ ...age, name: undefined }] }],
          ...["shape", "datatype", "data"].map((field) => ({
            inputs: [{ ...age, [field]: undefined }],
          })),
          ...[{ id: 42, inputs: [age] }, { inputs: [age], parameters: [] }, { inputs: age }],
          ...[{ inputs: [age], outputs: [{}] }, { inputs: [age], outputs: [{ name: "none" }] }],
          ...[{ inputs: [{ ...age, shape: [-1] }] }, { inputs: [{ ...age, shape: [1.5] }] }],
          ...[{ inputs: [{ ...age, datatype: "FP8" }] }, [], null, "inputs"],
        ]
      ) await call("v2/models/Model0/infer", "error_response", body);
      await call("v2/models/Model0/infer", "error_response", { inputs: [age] }, {
        headers: { "content-type": "text/plain" },
      });
      await call("v2/models/Model0/infer", "error_response", undefined); // GET
      await call("v2/nothing", "error_response");

      // The binary extension: sizes in parameters, the JSON's length in a header.
      const bytes = new Uint8Array(new Float64Array(age.data).buffer);
      const { data: _, ...described } = age;
      const head = new TextEncoder().encode(JSON.stringify({
        id: "b",
        inputs: [{ ...described, parameters: { binary_data_size: bytes.length } }, job],
        outputs: [{ name: names[1], parameters: { binary_data: true } }, { name: names[0] }],
      }));
      const response = await fetch(`${url}/v2/models/Model0/infer`, {
        method: "POST",
        headers: {
          "content-type": "application/octet-stream",
          "inference-header-content-length": String(head.length),
        },
        body: new Uint8Array([...head, ...bytes]),
      });
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("content-type"), "application/octet-stream");
      const length = Number(response.headers.get("inference-header-content-length"));
      const answer = await response.bytes();
      assertEquals(Number(response.headers.get("content-length") ?? answer.length), answer.length);
      const { id, outputs } = objects.inference_response.parse(
        JSON.parse(new TextDecoder().decode(answer.subarray(0, length))),
      );
      const plain = await call("v2/models/Model0/infer", "inference_response", {
        inputs: [age, job],
      });
      const binary = outputs.find(({ name }) => name === names[1])!;
      assertEquals([id, binary.data, binary.parameters], ["b", undefined, { binary_data_size: 8 }]);
      assertEquals(
        new Float32Array(answer.slice(length).buffer),
        new Float32Array(plain.outputs[1].data as number[]),
      );
      assertEquals(outputs.find(({ name }) => name === names[0])!.data, plain.outputs[0].data);
    }));
}
