/** Explanations, comparison, feedback, metrics and the prediction log through the application. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Problem } from "../../serve/http/problem.ts";
import { Explainers } from "../../serve/model/explainers.ts";
import { explainAnswer } from "../../serve/routes/explain.ts";
import { compareAnswer, feedbackAnswer } from "../../serve/routes/insight.ts";
import { problemSchema } from "../../serve/openapi/schemas.ts";
import { byLabel, classAnswer } from "./answers.ts";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { logisticRegression } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";
import { records } from "./fixture.ts";
import { type Observed, withObserved } from "./observed.ts";
import { waitUntil } from "../wait_until.ts";

const predict = async (call: Observed["call"], row: number, headers?: Record<string, string>) =>
  classAnswer.parse(await (await call("/predict", records[row], headers)).json());

Deno.test("serve: /explain adds up, for the predicted class, one by name, or all", () =>
  withObserved(async ({ call }) => {
    const explain = async (path: string) => {
      const response = await call(path, records[3]);
      assertEquals(response.status, 200);
      return explainAnswer.parse(await response.json());
    };
    const { prediction } = await predict(call, 3);
    const own = await explain("/explain");
    assertEquals([own.prediction, own.model_name, own.space], [prediction, "Model0", "margin"]);
    assertEquals(Object.keys(own.explanations), [prediction]);
    const { explanations } = await explain("/explain?class=all");
    assertEquals(Object.keys(explanations), classes);
    assertEquals(explanations[prediction], own.explanations[prediction]);
    const sum = (values: Record<string, number>) =>
      Object.values(values).reduce((total, value) => total + value, 0);
    for (const { score, base, columns, features } of Object.values(explanations)) {
      assertAlmostEquals(base + sum(columns), score, 1e-4);
      assertAlmostEquals(base + sum(features), score, 1e-4);
    }
    const highest = classes.reduce((a, b) => explanations[b].score > explanations[a].score ? b : a);
    assertEquals(highest, prediction);
    assertEquals(Object.keys((await explain("/explain?class=Good")).explanations), ["Good"]);
    // Nothing is known, so nothing but missing values explains.
    assertEquals((await call("/explain", { Age: null })).status, 200);
    for (
      const [path, body, status] of [
        ["/explain?class=Best", records[3], 400],
        ["/explain", { Agee: 3 }, 422],
        ["/explain?model=none", records[3], 404],
      ] as const
    ) {
      const response = await call(path, body);
      assertEquals(response.status, status);
      problemSchema.parse(await response.json());
    }
  }));

Deno.test("serve: more explanations than can wait are refused, the others are given", () =>
  withObserved(async ({ call }) => {
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, row) => call("/explain", records[row])),
    );
    const statuses = responses.map(({ status }) => status);
    assertEquals(statuses.filter((status) => status === 200).length, 16);
    const refused = responses.filter(({ status }) => status === 429);
    assertEquals(refused.length, 24);
    assert(refused.every(({ headers }) => headers.get("retry-after") === "1"));
    assertEquals((await call("/explain", records[0])).status, 200);
  }));

const textOf = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("serve: a model whose file does not tell its scores is refused an explanation", async () => {
  const { state, data, XTrain, train } = creditSample(100);
  const classifier = await logisticRegression()
    .fit(XTrain, data.labels!.slice(0, train.length), { classes: 3, seed: 1 });
  const onnx = exportOnnx({ state, classifier, labels: classes, name: "l", producerVersion: "0" });
  // Files of earlier versions say nothing under that key.
  const former = bytesOf(textOf(onnx).replace("\n\x06linear", "\n\x06former"));
  await withObserved(async ({ folder }) => {
    const { metadata } = await latestBundle(folder);
    const model = {
      ...{ name: "Linear", version: "1", source: "linear.onnx", metadata },
      readFile: () => Promise.resolve(former),
    };
    using explainers = new Explainers();
    const { signal } = new AbortController();
    const run = () =>
      explainers.explain(model, [{ values: [], inputs: {}, key: "", group: "" }], signal);
    const { status } = await assertRejects(run, Problem, "its file does not describe its scores");
    assertEquals(status, 409);
  });
});

Deno.test("serve: a shadow predicts unseen; agreement, latency and quality of both are told", () =>
  withObserved(async ({ call, folder, flush }) => {
    for (let row = 0; row < 30; row++) {
      const answer = await predict(call, row, { "x-request-id": `r-${row}` });
      assertEquals(answer.model_name, "Model0");
    }
    const compare = async () => compareAnswer.parse(await (await call("/models/compare")).json());
    await waitUntil(
      async () => (await compare()).agreement!.compared >= 30,
      "30 predictions are compared",
    );
    await flush();
    const logged = await Array.fromAsync(readPredictions(join(folder, "log")));
    const [champion, shadow] = ["champion", "shadow"].map((role) =>
      new Map(logged.filter((record) => record.role === role).map((one) => [one.request_id, one]))
    );
    assertEquals([champion.size, shadow.size], [30, 30]);
    assert([...shadow.values()].every(({ model_name }) => model_name === "Model1"));
    const agreed = [...champion].filter(([id, { prediction }]) =>
      shadow.get(id)!.prediction === prediction
    ).length;
    const feedback = await call("/feedback", { request_id: "r-3", label: "Good" });
    assertEquals(feedbackAnswer.parse(await feedback.json()).status, "matched");
    const { mode, share, agreement, models } = await compare();
    assertEquals([mode, share], ["shadow", 1]);
    assertEquals(agreement, { compared: 30, agreed, share: agreed / 30 });
    assertEquals(models.map(({ role, predictions }) => [role, predictions]), [
      ["champion", 30],
      ["shadow", 30],
    ]);
    for (const { role, quality } of models) {
      const own = (role === "champion" ? champion : shadow).get("r-3")!;
      assertEquals(quality!.accuracy, Number(own.prediction === "Good"));
      assertAlmostEquals(quality!.log_loss, -Math.log(own.probabilities!.Good), 1e-12);
    }
    const metrics = await (await call("/metrics")).text();
    for (
      const line of [
        `dinoflow_challenger_agreement_total{agreed="true"} ${agreed}`,
        'dinoflow_feedback_total{result="matched"} 1',
        `dinoflow_model_quality{role="shadow",model="Model1",version="${
          models[1].model_version
        }",` +
        `metric="accuracy"} ${models[1].quality!.accuracy}`,
      ]
    ) assert(metrics.includes(line + "\n"), `${line}\n${metrics}`);
  }, {
    flags: ["--challenger", "Model1", "--challenger-mode", "shadow", "--challenger-share", "1"],
  }));

Deno.test("serve: a challenger answers its share, each customer always the same model", () =>
  withObserved(async ({ call }) => {
    const modelOf = new Map<string, string>();
    for (let round = 0; round < 2; round++) {
      for (let customer = 0; customer < 100; customer++) {
        const key = `CUS_${customer}`;
        const answer = round === 0
          ? await predict(call, 0, { "x-routing-key": key })
          : classAnswer.parse(
            await (await call("/predict", { ...records[0], Customer_ID: key })).json(),
          );
        assertEquals(modelOf.get(key) ?? answer.model_name, answer.model_name);
        modelOf.set(key, answer.model_name);
      }
    }
    const challenged = [...modelOf.values()].filter((name) => name === "Model1").length;
    assert(challenged > 15 && challenged < 45, `${challenged} of 100 at a share of 0.3`);
    const { mode, agreement } = compareAnswer.parse(await (await call("/models/compare")).json());
    assertEquals([mode, agreement], ["live", null]);
  }, {
    flags: ["--challenger", "Model1", "--challenger-share", "0.3", "--routing-key", "Customer_ID"],
  }));

Deno.test("serve: the prediction log holds what was sent and answered, and nothing that is redacted", () =>
  withObserved(async ({ call, folder, flush }) => {
    const answer = await predict(call, 5, { "x-request-id": "five" });
    await call("/predict/batch", { records: [records[6], { Age: "35_" }] }, {
      "x-request-id": "many",
    });
    await call("/feedback", { request_id: "many#1", label: "Poor" });
    await flush();
    const logged = await Array.fromAsync(readPredictions(join(folder, "log")));
    assertEquals(logged.map(({ request_id }) => request_id), ["five", "many#0", "many#1"]);
    const [five, , last] = logged;
    const { Job: _job, Loans: _loans, ...rest } = records[5];
    const { Job, ...inputs } = five.inputs;
    assertEquals(inputs, rest as typeof inputs);
    assert(/^sha256:[0-9a-f]{16}$/.test(String(Job)));
    assertEquals(five.prediction, answer.prediction);
    assertEquals(five.probabilities, byLabel(answer));
    assertEquals(five.latency_ms, answer.latency_ms);
    assertEquals([last.inputs, last.label], [{ Age: "35_" }, "Poor"]);
    const files = [...Deno.readDirSync(join(folder, "log"))].map(({ name }) => name);
    for (const name of files) {
      assert(
        !(await Deno.readTextFile(join(folder, "log", name))).includes(String(records[5].Job)),
      );
    }
  }, { flags: ["--redact", "Job,Loans:drop", "--redact-key", "a-key-of-16-letters"] }));

Deno.test("serve: metrics count every request by route, also refused ones; access lines on demand", () =>
  withObserved(async ({ call, lines }) => {
    await predict(call, 0);
    await call("/predict", { Agee: 1 });
    await call("/train/42");
    const text = await (await call("/metrics")).text();
    assert(text.includes('http_requests_total{method="POST",route="/predict",status="200"} 1\n'));
    assert(text.includes('http_requests_total{method="POST",route="/predict",status="422"} 1\n'));
    assert(/^http_requests_total\{method="GET",route="[^"]*",status="404"\} 1$/m.test(text));
    assert(!text.includes("/train/42"), "raw paths would be labels without end");
    assert(/^dinoflow_requests_in_flight 0$/m.test(text));
    const access = lines.map((line) => JSON.parse(line)).filter(({ message }) =>
      message === "request"
    );
    assertEquals(access.map(({ route, status }) => [route, status]).slice(0, 2), [
      ["/predict", 200],
      ["/predict", 422],
    ]);
    const unknown = await call("/feedback", { request_id: "never", label: "Good" });
    assertEquals(unknown.status, 404);
    assertEquals((await call("/feedback", { request_id: "never" })).status, 422);
  }, { flags: ["--access-log", "info"], predictionLog: false }));
