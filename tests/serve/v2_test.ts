import { assert, assertEquals, assertMatch } from "@std/assert";
import { v2AnswerSchema, v2ModelSchema } from "../../serve/openapi/schemas.ts";
import { save, type Served, withApp } from "./fixture.ts";
import { withServer } from "./server_process.ts";

const age = { name: "Age", shape: [2], datatype: "FP64", data: [35, null] };
const job = { name: "Job", shape: [2, 1], datatype: "BYTES", data: [["Lawyer"], ["Doctor"]] };

Deno.test("serve: the Open Inference Protocol tells and predicts what /predict does", () =>
  withApp(async ({ call, slots }) => {
    assertEquals((await call("/v2/health/live")).status, 200);
    assertEquals((await call("/v2/health/ready")).status, 200);
    const model = v2ModelSchema.strict().parse(await (await call("/v2/models/Model0")).json());
    assertEquals(model.inputs[0], { name: "Age", datatype: "FP32", shape: [-1] });
    assertEquals(model.outputs[0], { name: "label", datatype: "BYTES", shape: [-1] });
    const { version } = slots.champion.current!;
    assertEquals((await call(`/v2/models/Model0/versions/${version}/ready`)).status, 200);

    const body = { id: "7", inputs: [age, job] };
    const response = await call(`/v2/models/Model0/versions/${version}/infer`, body);
    const answer = v2AnswerSchema.strict().parse(await response.json());
    assertEquals(answer.id, "7");
    const plain = await Promise.all(
      [{ Age: 35, Job: "Lawyer" }, { Age: null, Job: "Doctor" }].map(async (record) =>
        await (await call("/predict", record)).json()
      ),
    );
    assertEquals(answer.outputs.map(({ name, data }) => [name, data]), [
      ["label", plain.map(({ prediction }) => prediction)],
      ...["Poor", "Standard", "Good"].map((label, k) => [
        `probability_${label}`,
        plain.map(({ probabilities }) => probabilities[k]),
      ]),
    ]);
    const one = await call("/v2/models/Model0/infer", { ...body, outputs: [{ name: "label" }] });
    assertEquals((await one.json()).outputs.length, 1);
  }));

Deno.test("serve: tensors that do not fit are refused in the protocol's own form", () =>
  withApp(async ({ call }) => {
    const error = async (inputs: unknown[], status = 400, more = {}) => {
      const response = await call("/v2/models/Model0/infer", { inputs, ...more });
      assertEquals(response.status, status);
      const answer = await response.json();
      assertEquals(Object.keys(answer), ["error"]);
      return answer.error;
    };
    assertMatch(await error([{ ...age, name: "Agee" }]), /has no such input/);
    assertMatch(await error([age, age]), /it is there twice/);
    assertMatch(await error([{ ...age, shape: [3] }]), /holds 2 values, not 3/);
    assertMatch(
      await error([age, { ...job, shape: [1, 2] }]),
      /its shape is \[1,2\], wanted \[2\]/,
    );
    assertMatch(await error([{ ...age, datatype: "BOOL" }]), /its datatype is BOOL, wanted FP16/);
    assertMatch(await error([{ ...job, datatype: "FP32" }]), /its datatype is FP32, wanted BYTES/);
    assertMatch(await error([{ ...age, datatype: "INT64", data: [1.5, 2] }]), /value 0 is 1.5/);
    for (const [datatype, out] of [["INT8", 128], ["UINT8", -1], ["INT16", -32769]] as const) {
      assertMatch(await error([{ ...age, datatype, data: [1, out] }]), /value 1 is/);
    }
    for (const [datatype, data] of [["INT8", [-128, 127]], ["UINT16", [0, 65535]]]) {
      const fitting = { inputs: [{ ...age, datatype, data }] };
      assertEquals((await call("/v2/models/Model0/infer", fitting)).status, 200);
    }
    assertMatch(await error([{ ...age, data: ["35_", 2] }]), /value 0 is "35_", no FP64/);
    const { data: _, ...bare } = age;
    assertMatch(await error([bare]), /neither data nor binary_data_size/);
    assertMatch(
      await error([{ ...bare, parameters: { binary_data_size: 16 } }]),
      /want the header Inference-Header-Content-Length/,
    );
    assertMatch(
      await error([{ ...age, parameters: { binary_data_size: 16 } }]),
      /both data and binary_data_size/,
    );
    assertMatch(await error([age], 400, { outputs: [{ name: "x" }] }), /There is no output "x"/);
    assertMatch(await error([]), /\/inputs/);
    const many = { ...age, shape: [1001], data: Array(1001).fill(1) };
    assertMatch(await error([many], 413), /wanted at most 1000/);
    assertEquals((await call("/v2/models/Other/infer", { inputs: [age] })).status, 404);
    assertEquals((await call("/v2/models/Model0/versions/1")).status, 404);
    const dirty = { ...age, datatype: "BYTES", data: ["35_", null] };
    assertEquals((await call("/v2/models/Model0/infer", { inputs: [dirty] })).status, 200);
  }));

/** Texts as a binary tensor has them. */
function packTexts(texts: string[]): Uint8Array {
  return new Uint8Array(texts.flatMap((text) => {
    const bytes = new TextEncoder().encode(text);
    const length = new Uint8Array(new Uint32Array([bytes.length]).buffer);
    return [...length, ...bytes];
  }));
}

/** The bytes of a list of numbers. */
const packed = ({ buffer }: { readonly buffer: ArrayBufferLike }) => new Uint8Array(buffer);

async function binary(
  { app }: Pick<Served, "app">,
  request: unknown,
  tensors: Uint8Array[],
  length?: string,
): Promise<Response> {
  const head = new TextEncoder().encode(JSON.stringify(request));
  const body = new Uint8Array([head, ...tensors].flatMap((bytes) => [...bytes]));
  return await app.request("/v2/models/Model0/infer", {
    method: "POST",
    headers: {
      "content-type": "application/octet-stream",
      "inference-header-content-length": length ?? String(head.length),
    },
    body,
  });
}

const tensor = (name: string, datatype: string, bytes: Uint8Array, rows = 2) => ({
  ...{ name, datatype, shape: [rows] },
  parameters: { binary_data_size: bytes.length },
});

Deno.test("serve: binary tensors predict what JSON does, and come back where they are asked for", () =>
  withApp(async (served) => {
    const plain = await (await served.call("/v2/models/Model0/infer", { inputs: [age, job] }))
      .json();
    const jobs = packTexts(["Lawyer", "Doctor"]);
    const ages: Record<string, Uint8Array> = {
      FP32: packed(new Float32Array([35, NaN])),
      FP64: packed(new Float64Array([35, NaN])),
      // 35 and a NaN of 16 bits.
      FP16: packed(new Uint16Array([0x5060, 0x7e00])),
    };
    for (const [datatype, bytes] of Object.entries(ages)) {
      const inputs = [tensor("Age", datatype, bytes), tensor("Job", "BYTES", jobs)];
      const response = await binary(served, { inputs }, [bytes, jobs]);
      assertEquals(response.status, 200, datatype);
      assertEquals((await response.json()).outputs, plain.outputs, datatype);
    }
    const wholes: [string, Uint8Array][] = [
      ["INT8", packed(new Int8Array([35, -7]))],
      ["INT16", packed(new Int16Array([35, -7]))],
      ["INT32", packed(new Int32Array([35, -7]))],
      ["INT64", packed(new BigInt64Array([35n, -7n]))],
    ];
    const whole = { inputs: [{ ...age, data: [35, -7] }] };
    const wanted = await (await served.call("/v2/models/Model0/infer", whole)).json();
    for (const [datatype, bytes] of wholes) {
      const inputs = [tensor("Age", datatype, bytes)];
      const response = await binary(served, { inputs }, [bytes]);
      assertEquals((await response.json()).outputs, wanted.outputs, datatype);
    }
    for (const Type of [Uint8Array, Uint16Array, Uint32Array, BigUint64Array]) {
      const datatype = `UINT${8 * Type.BYTES_PER_ELEMENT}`;
      const bytes = packed(
        Type === BigUint64Array
          ? new BigUint64Array([35n, 8n])
          : new (Type as typeof Uint8Array)([35, 8]),
      );
      const response = await binary(served, { inputs: [tensor("Age", datatype, bytes)] }, [bytes]);
      assertEquals(response.status, 200, datatype);
    }

    // Some in JSON, some in binary, each output as it is asked for.
    const response = await binary(served, {
      inputs: [age, tensor("Job", "BYTES", jobs)],
      outputs: [
        { name: "label", parameters: { binary_data: true } },
        { name: "probability_Poor", parameters: { binary_data: true } },
        { name: "probability_Good" },
      ],
    }, [jobs]);
    assertEquals(response.headers.get("content-type"), "application/octet-stream");
    const bytes = await response.bytes();
    const length = Number(response.headers.get("inference-header-content-length"));
    const { outputs } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
    const labels = packTexts(plain.outputs[0].data);
    assertEquals(outputs[0].parameters, { binary_data_size: labels.length });
    assertEquals(outputs[2].data, plain.outputs[3].data);
    assertEquals(bytes.subarray(length, length + labels.length), labels);
    const scores = new Float32Array(bytes.slice(length + labels.length).buffer);
    assertEquals(scores, new Float32Array(plain.outputs[1].data));
    const all = await binary(served, {
      inputs: [age],
      parameters: { binary_data_output: true },
    }, []);
    assert((await all.bytes()).length > Number(all.headers.get("inference-header-content-length")));
  }));

Deno.test("serve: binary tensors that do not fit are refused", () =>
  withApp(async (served) => {
    const error = async (inputs: unknown[], tensors: Uint8Array[], length?: string) => {
      const response = await binary(served, { inputs }, tensors, length);
      assertEquals(response.status, 400);
      return (await response.json()).error;
    };
    const four = packed(new Float32Array([35]));
    assertMatch(
      await error([tensor("Age", "FP32", four)], [four]),
      /2 values of FP32 have 8 bytes/,
    );
    assertMatch(
      await error([tensor("Age", "FP32", four, 1)], []),
      /4 bytes are wanted, 0 are there/,
    );
    assertMatch(await error([age], [four]), /4 bytes belong to no input/);
    assertMatch(await error([tensor("Age", "BOOL", four, 4)], [four]), /datatype is BOOL/);
    const long = new Uint8Array([9, 0, 0, 0, 65]);
    assertMatch(await error([tensor("Job", "BYTES", long, 1)], [long]), /longer than its bytes/);
    const bad = new Uint8Array([1, 0, 0, 0, 255]);
    assertMatch(await error([tensor("Job", "BYTES", bad, 1)], [bad]), /not in UTF-8/);
    for (const length of ["-1", "1e3", "99999", "x"]) {
      assertMatch(await error([age], [], length), /no length within the body/);
    }
    const size = { ...tensor("Age", "FP32", four, 1), parameters: { binary_data_size: -4 } };
    assertMatch(await error([size], [four]), /no number of bytes/);
  }));

for (const workers of ["1", "2"]) {
  Deno.test(`serve: the repository lists, loads and unloads models, statistics count (--workers ${workers})`, () =>
    withServer(
      ["--workers", workers, "--model", "Model0", "--poll-seconds", "1"],
      async (server, url) => {
        const call = async (path: string, body?: unknown) => {
          const response = await fetch(
            url + path,
            body === undefined ? {} : {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: body === null ? null : JSON.stringify(body),
            },
          );
          return { status: response.status, json: await response.json() };
        };
        const { metadata: { version } } = await save(server.folder, 1);
        const infer = async (model: string) =>
          (await call(`/v2/models/${model}/infer`, { inputs: [age, job] })).status;
        const states = async (body: unknown = {}) => {
          const { json } = await call("/v2/repository/index", body);
          const entries = json as { name: string; version: string; state: string }[];
          return Object.fromEntries(entries.map(({ name, state }) => [name, state]));
        };
        assertEquals(await states(), { Model0: "READY", Model1: "UNAVAILABLE" });
        assertEquals(await infer("Model1"), 404);
        assertEquals((await call("/v2/repository/models/Model9/load", {})).status, 409);
        assertEquals((await call("/v2/repository/models/Model1/load", null)).status, 200);
        for (let n = 0; n < 8; n++) assertEquals(await infer("Model1"), 200);
        assertEquals(await states({ ready: true }), { Model0: "READY", Model1: "READY" });

        const { json: { model_stats: [stats] } } = await call(
          `/v2/models/Model1/versions/${version}/stats`,
        );
        assertEquals([stats.name, stats.version, stats.inference_count], ["Model1", version, 16]);
        assertEquals(stats.inference_stats.success.count, 16);
        assert(stats.inference_stats.success.ns >= stats.inference_stats.compute_infer.ns);
        assert(Math.abs(Date.now() - stats.last_inference) < 600_000);
        const { json: all } = await call("/v2/models/stats");
        assertEquals(
          all.model_stats.map((one: { name: string; inference_count: number }) => [
            one.name,
            one.inference_count,
          ]),
          [["Model0", 0], ["Model1", 16]],
        );

        assertEquals((await call("/v2/repository/models/Model0/unload", {})).status, 409);
        assertEquals((await call("/v2/repository/models/Model1/unload", {})).status, 200);
        assertEquals((await call("/v2/repository/models/Nobody/unload", {})).status, 404);
        const odd = await call("/v2/repository/models/Model1/load", {
          parameters: { config: "{}" },
        });
        assertEquals(odd.status, 400);
        assertEquals(await infer("Model1"), 404);
        assertEquals(await infer("Model0"), 200);
        assertEquals(await states(), { Model0: "READY", Model1: "UNAVAILABLE" });
        // Looking for changes brings none back.
        await new Promise((done) => setTimeout(done, 1500));
        assertEquals(await infer("Model1"), 404);
        assertEquals((await call("/v2/repository/models/Model1/load", {})).status, 200);
        assertEquals(await infer("Model1"), 200);
        assertEquals(await server.stop(), 0);
      },
    ));
}
