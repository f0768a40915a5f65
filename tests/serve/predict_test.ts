import fc from "fast-check";
import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { problemSchema } from "../../serve/openapi/schemas.ts";
import { byLabel, classAnswer, classAnswers } from "./answers.ts";
import { nativeAnswers, records, save, type Served, type Which, withApp } from "./fixture.ts";
import { waitUntil } from "../wait_until.ts";

/** Asks for many records and compares with the native model, within the export's tolerance. */
async function assertNative(
  { call }: Served,
  raw: readonly Record<string, unknown>[],
  which: Which,
) {
  const response = await call("/predict/batch", { records: raw });
  assertEquals(response.status, 200);
  const { count, predictions } = classAnswers.parse(await response.json());
  assertEquals(count, raw.length);
  const native = await nativeAnswers(raw, which);
  predictions.forEach((answer, row) => {
    const { prediction, prediction_code, class_labels } = answer;
    const probabilities = byLabel(answer);
    assertEquals(prediction, native[row].prediction, JSON.stringify(raw[row]));
    assertEquals(class_labels[prediction_code], prediction);
    for (const [label, value] of Object.entries(native[row].probabilities)) {
      assertAlmostEquals(probabilities[label], value, 1e-5, JSON.stringify(raw[row]));
    }
  });
}

const runs = [{ which: 0, runtime: "trees" }, { which: 2, runtime: "ONNX Runtime" }] as const;

for (const { which, runtime } of runs) {
  Deno.test(`serve: raw records get the probabilities that training's cleaning leads to, by ${runtime}`, () =>
    withApp(async (served) => {
      assertEquals((await (await served.call("/model/info")).json()).runtime, runtime);
      await assertNative(served, records, which);
      const { batches, predictions } = served.observer;
      // ONNX Runtime takes as many records at once as it may, trees one after the other.
      assertEquals(Math.max(...batches), which === 0 ? 1 : 64);
      assertEquals(predictions.length, records.length);
      assertEquals(predictions[7].inputs, records[7] as never);
    }, { which }));

  Deno.test(`serve: so do records with any dirt that a raw file could hold, by ${runtime}`, () =>
    withApp(async (served) => {
      const dirt = fc.constantFrom(
        null,
        "",
        "_",
        "NA",
        "nan",
        "None",
        "-",
        "__10__",
        " 7 ",
        "1e400",
      );
      const number = fc.oneof(
        dirt,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -100, max: 8000 }),
        fc.integer({ min: 0, max: 2000 }).map((value) => `${value}_`),
        fc.string({ maxLength: 12 }),
      );
      const text = (...known: string[]) =>
        fc.oneof(dirt, fc.constantFrom(...known), fc.string({ maxLength: 12 }));
      const months = fc.tuple(fc.nat(1200), fc.nat(14))
        .map(([years, months]) => `${years} Years and ${months} Months`);
      const record = fc.record({
        Age: number,
        Debt: number,
        History: fc.oneof(text("5 Years and 1 Months"), months),
        Mix: text("Bad", "Standard", "Good"),
        Job: text("Lawyer", "Writer", "_______"),
        Loans: text("Auto Loan, and Home Loan", "Pay Loan", "Auto Loan,Auto Loan,", ", and "),
      }, { requiredKeys: ["Age"] });
      const batch = fc.array(record, { minLength: 1, maxLength: 60 });
      const agrees = fc.asyncProperty(batch, (raw) => assertNative(served, raw, which));
      await fc.assert(agrees, { numRuns: 40 });
    }, { which }));
}

Deno.test("serve: an answer names its model, its request and nothing unasked", () =>
  withApp(async ({ call, slots, observer }) => {
    const response = await call("/predict", records[0], { "x-request-id": "order-17" });
    assertEquals(response.headers.get("x-request-id"), "order-17");
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    const answer = classAnswer.strict().parse(await response.json());
    assertEquals(answer.request_id, "order-17");
    assertEquals(answer.model_version, slots.champion.current!.version);
    const [record] = observer.predictions;
    assertEquals(record.request_id, "order-17");
    assertEquals(record.role, "champion");
    assertEquals(record.prediction, answer.prediction);
    assertEquals(record.probabilities, byLabel(answer));
    assertEquals(observer.requests, [{ method: "POST", route: "/predict", status: 200 }]);
  }));

Deno.test("serve: dirt is cleaned, what is missing may be left out, unseen categories may come", () =>
  withApp(async ({ call }) => {
    const probabilities = async (record: unknown) =>
      (await (await call("/predict", record)).json()).probabilities;
    const clean = await probabilities({ Age: 35, Job: "Lawyer" });
    assertEquals(await probabilities({ Age: "35_", Job: "Lawyer", Mix: null, Debt: "" }), clean);
    assertEquals(await probabilities({ Age: "__35__", Job: "Lawyer", Mix: "_" }), clean);
    // Out of range and no number at all are both missing.
    const missing = await probabilities({ Age: null, Job: "Lawyer" });
    assertEquals(await probabilities({ Age: 7580, Job: "Lawyer" }), missing);
    assertEquals(await probabilities({ Age: "unknown", Job: "Lawyer" }), missing);
    assertEquals((await call("/predict", { Job: "Astronaut" })).status, 200);
  }));

Deno.test("serve: every wrong field is named", () =>
  withApp(async ({ call }) => {
    const faults = async (path: string, body: unknown) => {
      const response = await call(path, body);
      assertEquals(response.status, 422);
      assertEquals(response.headers.get("content-type"), "application/problem+json");
      const { errors, status } = problemSchema.parse(await response.json());
      assertEquals(status, 422);
      return errors!.map(({ pointer, detail }) => `${pointer}: ${detail}`);
    };
    assertEquals(
      await faults("/predict", '{"Age": [1], "Debt": 1e999, "Job": 4, "Mix": true, "Agee": 1}'),
      [
        "/Age: a list is no number: wanted a number, text that holds one or null",
        "/Debt: the number is not finite",
        "/Job: a number is no text: wanted text or null",
        "/Mix: a boolean is no text: wanted text or null",
        '/Agee: the model reads no such field; did you mean "Age"?',
      ],
    );
    assertEquals(await faults("/predict/batch", { records: [records[0], { Age: {} }, 3] }), [
      "/records/1/Age: an object is no number: wanted a number, text that holds one or null",
      "/records/2: a number is no record: wanted an object",
    ]);
    assertEquals(await faults("/predict", { Job: "a\0b", Loans: "x".repeat(2001) }), [
      "/Job: the text holds a NUL character",
      "/Loans: the text has 2001 characters, wanted at most 2000",
    ]);
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, 1]));
    assertEquals((await faults("/predict", many)).length, 100);
    assertEquals(await faults("/predict", {}), [": the record holds none of the model's fields"]);
    assertEquals(await faults("/predict", "[]"), [": a list is no record: wanted an object"]);
    assertEquals(await faults("/predict/batch", { records: [] }), [
      ': wanted {"records": [{…}, …]} with one record or more',
    ]);
  }));

Deno.test("serve: records that cannot be used are counted as what they are", () =>
  withApp(async ({ call, observer }) => {
    await call("/predict", { Age: [] });
    await call("/predict/batch", { records: [records[0], { Age: {} }, 3] });
    const counted = observer.events.filter((event) => event === "champion Model0 invalid");
    assertEquals([counted.length, observer.predictions.length], [3, 0]);
  }));

Deno.test("serve: unknown fields can be ignored; they are not logged", () =>
  withApp(async ({ call, observer }) => {
    assertEquals((await call("/predict", { Age: 35, Name: "Ann", Customer: "C1" })).status, 200);
    assertEquals(observer.predictions[0].inputs, { Age: 35 });
  }, { flags: ["--unknown-fields", "ignore", "--routing-key", "Customer"] }));

Deno.test("serve: a business threshold is echoed with what it means", () =>
  withApp(async ({ call }) => {
    const answer = await (await call("/predict", records[0])).json();
    assertEquals(answer.threshold, 0.3);
    assertEquals(answer.above_threshold, byLabel(answer).Poor >= 0.3);
  }, { flags: ["--threshold", "0.3", "--threshold-class", "Poor"] }));

Deno.test("serve: the challenger answers its share and runs unseen in the shadow", async () => {
  let role: "challenger" | "shadow" = "challenger";
  const keys: string[] = [];
  const router = {
    choose: (key: string) => {
      keys.push(key);
      return role;
    },
  };
  await withApp(async ({ call, observer, slots, folder }) => {
    await save(folder, 1);
    await slots.follow();
    const ask = async (record: unknown, headers = {}) =>
      (await (await call("/predict", record, headers)).json()).model_name;
    assertEquals(await ask({ Age: 35, Customer_ID: "C7" }), "Model1");
    role = "shadow";
    assertEquals(await ask({ Age: 35, Customer_ID: "C7" }, { "x-routing-key": "K" }), "Model0");
    await waitUntil(() => observer.predictions.length >= 3, "the shadow has predicted");
    assertEquals(keys, ["C7", "K"]);
    assertEquals(observer.predictions.map(({ role, model_name }) => `${role} ${model_name}`), [
      "challenger Model1",
      "champion Model0",
      "shadow Model1",
    ]);
    assertEquals(observer.predictions[1].request_id, observer.predictions[2].request_id);
  }, {
    flags: ["--model", "Model0", "--challenger", "Model1", "--routing-key", "Customer_ID"],
    router,
  });
});

Deno.test("serve: several models at once are asked by name", () =>
  withApp(async ({ call, slots, folder }) => {
    await save(folder, 1);
    await slots.follow();
    const name = async (path: string) => (await (await call(path, { Age: 35 })).json()).model_name;
    assertEquals(await name("/predict"), "Model0");
    assertEquals(await name("/predict?model=Model1"), "Model1");
    assertEquals((await call("/predict?model=Model2", { Age: 35 })).status, 404);
    assertMatch(await (await call("/model/info?model=Model1")).text(), /"model_name":"Model1"/);
  }, { flags: ["--model", "Model0", "--extra-models", "Model1"] }));
