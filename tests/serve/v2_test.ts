import { assertEquals, assertMatch } from "@std/assert";
import { v2AnswerSchema, v2ModelSchema } from "../../serve/openapi/schemas.ts";
import { withApp } from "./fixture.ts";

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
    assertMatch(await error([{ ...age, parameters: { binary_data_size: 8 } }]), /not supported/);
    assertMatch(await error([age], 400, { outputs: [{ name: "x" }] }), /There is no output "x"/);
    assertMatch(await error([]), /\/inputs/);
    const many = { ...age, shape: [1001], data: Array(1001).fill(1) };
    assertMatch(await error([many], 413), /wanted at most 1000/);
    assertEquals((await call("/v2/models/Other/infer", { inputs: [age] })).status, 404);
    assertEquals((await call("/v2/models/Model0/versions/1")).status, 404);
    const dirty = { ...age, datatype: "BYTES", data: ["35_", null] };
    assertEquals((await call("/v2/models/Model0/infer", { inputs: [dirty] })).status, 200);
  }));
