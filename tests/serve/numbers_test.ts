/** Models that predict numbers are served as models of classes are. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { numberAnswer } from "../../serve/predict/answers/regression.ts";
import { explainAnswer } from "../../serve/routes/explain.ts";
import { compareAnswer, feedbackAnswer } from "../../serve/routes/insight.ts";
import { v2AnswerSchema } from "../../serve/openapi/schemas.ts";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { records, save } from "./fixture.ts";
import { HALF_WIDTH, nativeNumbers, saveNumbers } from "./number_models.ts";
import { withObserved } from "./observed.ts";

/** Float32 sums of numbers near 50,000, in another order. */
const TOLERANCE = 0.1;

for (const [which, runtime] of [[0, "trees"], [1, "ONNX Runtime"], [2, "trees"]] as const) {
  Deno.test(`serve: a regression predicts what the native one does, with its interval, ${which} by ${runtime}`, () =>
    withObserved(async ({ call, folder, flush }) => {
      assertEquals((await (await call("/model/info")).json()).runtime, runtime);
      const response = await call("/predict/batch", { records });
      assertEquals(response.status, 200);
      const { predictions } = await response.json();
      const native = await nativeNumbers(records, which);
      assert(new Set(native).size > 20, "it has learned nothing");
      for (const [row, one] of predictions.entries()) {
        const { prediction, interval } = numberAnswer.strict().parse(one);
        assertAlmostEquals(prediction, native[row], TOLERANCE);
        assertEquals(interval!.coverage, 0.9);
        assertAlmostEquals(interval!.lower, prediction - HALF_WIDTH, TOLERANCE);
        assertAlmostEquals(interval!.upper, prediction + HALF_WIDTH, TOLERANCE);
      }
      await flush();
      const logged = await Array.fromAsync(readPredictions(join(folder, "log")));
      assertEquals(
        logged.map(({ prediction }) => prediction),
        predictions.map(({ prediction }: { prediction: number }) => prediction),
      );
      assertEquals(logged[0].probabilities, undefined);
      const metrics = await (await call("/metrics")).text();
      assertMatch(metrics, /predictions_total\{[^}]*class="",status="ok"\} 200\n/);
    }, { models: (folder) => saveNumbers(folder, which), flags: ["--model", `Number${which}`] }));
}

Deno.test("serve: a number that is told by its logarithm is explained by it", () =>
  withObserved(async ({ call }) => {
    const answered = await (await call("/explain", { Age: 35 })).json();
    const { space, prediction, explanations } = explainAnswer.parse(answered);
    assertEquals(space, "log");
    const { score, base, columns } = explanations.prediction;
    assertAlmostEquals(Number(prediction), Math.exp(score), 1e-9 * Number(prediction));
    const sum = Object.values(columns).reduce((total, value) => total + value, base);
    assertAlmostEquals(sum, score, 1e-5);
    const told = numberAnswer.parse(await (await call("/predict", { Age: 35 })).json());
    assertAlmostEquals(told.prediction, Number(prediction), TOLERANCE);
  }, { models: (folder) => saveNumbers(folder, 2), flags: ["--model", "Number2"] }));

Deno.test("serve: a regression in V2, explained, with feedback and a challenger", () =>
  withObserved(async ({ call }) => {
    const { prediction } = numberAnswer.parse(await (await call("/predict", { Age: 35 })).json());

    const described = await (await call("/v2/models/Number0")).json();
    assertEquals(described.outputs, [{ name: "prediction", datatype: "FP32", shape: [-1] }]);
    const inputs = [{ name: "Age", shape: [1], datatype: "FP32", data: [35] }];
    const inferred = await call("/v2/models/Number0/infer", { inputs });
    const { outputs } = v2AnswerSchema.parse(await inferred.json());
    assertEquals(outputs, [{
      ...{ name: "prediction", datatype: "FP32", shape: [1], data: [prediction] },
    }]);

    const answered = await call("/explain", { Age: 35 });
    assertEquals(answered.status, 200, await answered.clone().text());
    const explained = explainAnswer.parse(await answered.json());
    assertEquals(explained.space, "value");
    const { score, base, columns } = explained.explanations.prediction;
    assertAlmostEquals(Number(explained.prediction), prediction, TOLERANCE);
    const sum = Object.values(columns).reduce((total, value) => total + value, base);
    assertAlmostEquals(sum, score, TOLERANCE);
    assertEquals((await call("/explain?class=Good", { Age: 35 })).status, 400);

    for (const [row, off] of [100, -300].entries()) {
      const id = `r-${row}`;
      const answer = await call("/predict", records[row], { "x-request-id": id });
      const { prediction } = numberAnswer.parse(await answer.json());
      const feedback = await call("/feedback", { request_id: id, label: prediction + off });
      assertEquals(feedbackAnswer.parse(await feedback.json()).status, "matched");
    }
    const refused = await call("/feedback", { request_id: "r-0", label: "much" });
    assertEquals(refused.status, 422);
    assertEquals((await refused.json()).errors[0].detail, '"much" is no number');
    const { models } = compareAnswer.parse(await (await call("/models/compare")).json());
    const champion = models.find(({ role }) => role === "champion")!;
    assertEquals(champion.class_shares, {});
    assertEquals(champion.quality!.feedback, 2);
    // Errors of −100 and 300.
    assertAlmostEquals(champion.quality!.mae, 200, 1e-6);
    assertAlmostEquals(champion.quality!.rmse, Math.sqrt((100 ** 2 + 300 ** 2) / 2), 1e-6);
    assertAlmostEquals(champion.quality!.bias, 100, 1e-6);
    const metrics = await (await call("/metrics")).text();
    assertMatch(
      metrics,
      /dinoflow_model_quality\{role="champion",model="Number0",[^}]*metric="rmse"\}/,
    );

    const { components } = await (await call("/openapi.json")).json();
    assertEquals(components.schemas.Answer.anyOf, [{ $ref: "#/components/schemas/NumberAnswer" }]);
  }, {
    models: async (folder) => {
      await saveNumbers(folder, 0);
      await saveNumbers(folder, 1);
    },
    flags: [
      ...["--model", "Number0", "--challenger", "Number1"],
      ...["--challenger-mode", "shadow", "--challenger-share", "1"],
    ],
  }));

Deno.test("serve: models of several tasks at once, each with its own answer", () =>
  withObserved(async ({ call }) => {
    const ask = async (query: string) => await (await call(`/predict${query}`, { Age: 35 })).json();
    assertEquals(typeof (await ask("")).prediction, "string");
    assertEquals(typeof (await ask("?model=Number0")).prediction, "number");
    const { components } = await (await call("/openapi.json")).json();
    assertEquals(components.schemas.Answer.anyOf.length, 2);
  }, {
    models: async (folder) => {
      await save(folder, 0);
      await saveNumbers(folder, 0);
    },
    flags: ["--extra-models", "Number0"],
  }));

Deno.test("serve: without residuals there is no interval", () =>
  withObserved(async ({ call }) => {
    const one = await call("/predict", { Age: 35 });
    assertEquals((await one.json()).interval, undefined);
  }, {
    models: (folder) => saveNumbers(folder, 0, { interval: undefined }),
    flags: ["--model", "Number0"],
  }));
