import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Problem } from "../../serve/http/problem.ts";
import { tasks } from "../../serve/predict/answers/tasks.ts";
import { FeedbackDesk } from "../../serve/rollout/feedback.ts";
import { hashRouter, shareOf } from "../../serve/rollout/router.ts";
import { agreementOf, modelScores, Scoreboard } from "../../serve/rollout/scoreboard.ts";
import type { FeedbackRecord } from "../../src/prediction_log/mod.ts";
import { recordOf } from "../prediction_log/records.ts";

const customers = (from: string) =>
  Array.from({ length: 20_000 }, (_, n) => `${from}${n.toString(16)}`);

Deno.test("router: any share of similar keys goes to the challenger, and stays there when it grows", () => {
  for (const keys of [customers("CUS_0x"), customers(""), customers("köln-"), customers("a/b#")]) {
    let before = new Set<string>();
    for (const share of [0, 0.01, 0.1, 0.5, 1]) {
      const router = hashRouter({ mode: "live", share });
      const chosen = new Set(keys.filter((key) => router.choose(key) === "challenger"));
      // Four standard deviations of a binomial share.
      const slack = 4 * Math.sqrt(share * (1 - share) / keys.length);
      assertAlmostEquals(chosen.size / keys.length, share, slack + 1e-12);
      assert([...before].every((key) => chosen.has(key)));
      before = chosen;
    }
  }
});

Deno.test("router: places are in [0, 1) and the same in every process", () => {
  fc.assert(fc.property(fc.string(), (key) => {
    const place = shareOf(key);
    return place >= 0 && place < 1 && place === shareOf(key);
  }));
  // From a transcription to Python: another process, another version must agree.
  assertEquals(["", "CUS_0xd40", "1"].map((key) => shareOf(key) * 2 ** 32), [
    2872998923,
    133232218,
    1428125071,
  ]);
  const router = hashRouter({ mode: "shadow", share: 0.5 });
  const roles = new Set(customers("x").map((key) => router.choose(key)));
  assertEquals([...roles].sort(), ["champion", "shadow"]);
});

Deno.test("scoreboard: agreement of champion and shadow in whichever order they come", () => {
  const heard: boolean[] = [];
  const board = new Scoreboard((agreed) => heard.push(agreed));
  const champion = { model_version: "1" };
  const shadow = { model_version: "2", role: "shadow" } as const;
  board.predicted(recordOf({ ...champion, request_id: "a" }), "multiclass");
  board.predicted(recordOf({ ...shadow, request_id: "a" }), "multiclass");
  board.predicted(recordOf({ ...shadow, request_id: "b" }), "multiclass");
  board.predicted(recordOf({ ...champion, request_id: "b", prediction: "Poor" }), "multiclass");
  board.predicted(recordOf({ ...champion, request_id: "c" }), "multiclass");
  assertEquals(heard, [true, false]);
  assertEquals(agreementOf(board.sides(), "2"), { compared: 2, agreed: 1, share: 0.5 });
  assertEquals(agreementOf(board.sides(), "3"), { compared: 0, agreed: 0, share: null });
  // The same id again is another request; a new champion is compared anew.
  board.predicted(recordOf({ model_version: "9", request_id: "a" }), "multiclass");
  board.predicted(recordOf({ ...shadow, request_id: "a" }), "multiclass");
  assertEquals(agreementOf(board.sides(), "2"), { compared: 1, agreed: 1, share: 1 });
});

Deno.test("scoreboard: classes, latency and quality of each model", () => {
  const board = new Scoreboard();
  const told = [
    ["a", "Good", { Poor: 0.25, Good: 0.75 }, "Good"],
    ["b", "Good", { Poor: 0.5, Good: 0.5 }, "Poor"],
    ["c", "Poor", { Poor: 0.8, Good: 0.2 }, "Poor"],
    ["d", "Good", { Poor: 0.1, Good: 0.9 }, undefined],
  ] as const;
  told.forEach(([request_id, prediction, probabilities], at) =>
    board.predicted(
      recordOf({ request_id, prediction, probabilities, latency_ms: at }),
      "multiclass",
    )
  );
  for (const [id, , , label] of told) {
    if (label !== undefined) assertEquals(board.judge(id, label), "matched");
  }
  const [score] = modelScores(board.sides());
  assertEquals([score.predictions, score.class_shares], [4, { Good: 0.75, Poor: 0.25 }]);
  assertEquals(score.latency_ms.p50, 1.5);
  const { quality } = score;
  assertEquals(quality!.feedback, 3);
  assertAlmostEquals(quality!.accuracy, 2 / 3);
  // Poor: precision 1, recall 1/2; Good: precision 1/2, recall 1.
  assertAlmostEquals(quality!.macro_f1, 2 / 3);
  assertAlmostEquals(quality!.log_loss, -Math.log(0.75 * 0.5 * 0.8) / 3);
  // A later word on the same prediction replaces the first.
  board.judge("b", "Good");
  assertEquals(modelScores(board.sides())[0].quality!.accuracy, 1);
  assertEquals(modelScores(board.sides())[0].quality!.feedback, 3);
});

Deno.test("scoreboard: parts of an answer are judged as they come, and count as none of their own", () => {
  const board = new Scoreboard();
  const month = (request_id: string, ahead: number, more = {}) =>
    recordOf({
      ...{ request_id, prediction: 100, latency_ms: 1, ...more },
      probabilities: { lower_80: 90, upper_80: 110, ahead, scale: 10 },
    });
  board.predicted(month("a", 1), "forecast", "2026-05");
  board.awaits(month("a@2026-06", 2), "forecast");
  board.awaits(month("a@2026-07", 3), "forecast");
  assertEquals(board.judge("a", 120, "2026-06"), "matched");
  assertEquals(board.judge("a", 105, "2026-05"), "matched first");
  assertEquals(board.judge("a", 105, "2026-08"), "unknown");
  const [score] = modelScores(board.sides());
  assertEquals(score.predictions, 1);
  const { feedback, mase, mape, coverage_80, ...by } = score.quality!;
  assertEquals([feedback, mase, coverage_80], [2, 1.25, 0.5]);
  assertAlmostEquals(mape, 100 * (20 / 120 + 5 / 105) / 2, 1e-9);
  assertEquals([by.mase_ahead_1, by.coverage_80_ahead_2], [0.5, 0]);
  assertEquals(Object.keys(by).some((name) => name.endsWith("ahead_3")), false);
  // Without a month it is the first; a later word on it counts.
  assertEquals(board.judge("a", 100), "matched");
  assertEquals(modelScores(board.sides())[0].quality!.mase, 1);
});

Deno.test("scoreboard: what is forgotten, what is no class, what bounds its memory", () => {
  const board = new Scoreboard(() => {}, 3);
  for (const request_id of ["a", "b", "c"]) board.predicted(recordOf({ request_id }), "multiclass");
  assertEquals(board.judge("d", "Good"), "unknown");
  assertEquals(board.judge("a", "Excellent"), { fault: '"Excellent" is none of Poor, Good' });
  assertEquals(board.judge("a", "toString"), { fault: '"toString" is none of Poor, Good' });
  board.predicted(recordOf({ request_id: "d" }), "multiclass");
  assertEquals(["a", "b", "c", "d"].map((id) => board.judge(id, "Good")), [
    "forgotten",
    "matched",
    "matched",
    "matched",
  ]);
  for (let n = 0; n < 100; n++) {
    board.predicted(recordOf({ request_id: "same", model_version: `${n}` }), "multiclass");
  }
  assertEquals(board.judge("same", "Good"), "matched");
  assertEquals(modelScores(board.sides()).length, 8);
});

Deno.test("scoreboard: property: exactly the latest requests are remembered", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(12), { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      (ids, room) => {
        const board = new Scoreboard(() => {}, room);
        for (const id of ids) board.predicted(recordOf({ request_id: `${id}` }), "multiclass");
        const latest = new Set(ids.slice(-room));
        for (let id = 0; id <= 12; id++) {
          assertEquals(board.judge(`${id}`, "Good") === "matched", latest.has(id), `${id}`);
        }
      },
    ),
  );
});

Deno.test("scoreboard: property: what threads know apart comes to what one would know", () => {
  const event = fc.record({
    thread: fc.nat(2),
    model_version: fc.constantFrom("1", "2"),
    prediction: fc.constantFrom("Good", "Poor"),
    latency_ms: fc.nat(9),
    label: fc.constantFrom("Good", "Poor", undefined),
    shadowed: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(event, { maxLength: 40 }), (events) => {
    const one = new Scoreboard();
    const threads = [new Scoreboard(), new Scoreboard(), new Scoreboard()];
    events.forEach(({ thread, label, shadowed, ...event }, at) => {
      for (const board of [one, threads[thread]]) {
        const request_id = `${at}`;
        board.predicted(recordOf({ ...event, request_id }), "multiclass");
        // Always the same champion, for with another one agreement is counted anew.
        if (shadowed && event.model_version === "1") {
          const shadow = { model_version: "3", role: "shadow" } as const;
          board.predicted(
            recordOf({ ...event, ...shadow, request_id, prediction: "Good" }),
            "multiclass",
          );
        }
        if (label !== undefined) assertEquals(board.judge(request_id, label), "matched");
      }
    });
    const sides = structuredClone(threads.flatMap((board) => board.sides()));
    assertEquals(agreementOf(sides, "3"), agreementOf(one.sides(), "3"));
    // Sums of logarithms depend on their order.
    const told = (of: typeof sides) =>
      modelScores(of).map(({ quality, ...score }) => ({
        ...score,
        quality: quality && { ...quality, log_loss: quality.log_loss.toFixed(12) },
      })).sort((a, b) => `${a.model_version}` < `${b.model_version}` ? -1 : 1);
    assertEquals(told(sides), told(one.sides()));
  }));
});

async function refusal(work: () => Promise<unknown>): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("not refused");
}

Deno.test("feedback: matched, late, or unknown where that can be known", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const scoreboard = new Scoreboard(() => {}, 1);
    const logged: FeedbackRecord[] = [];
    const counted: string[] = [];
    const desk = new FeedbackDesk({
      judge: (id, label) => Promise.resolve([scoreboard.judge(id, label)]),
      folder,
      log: (record) => logged.push(record),
      count: (result) => counted.push(result),
    });
    const truth = (label: string | number) => tasks.binary.truth(label, ["Poor", "Good"]);
    scoreboard.predicted(recordOf({ request_id: "a" }), "multiclass");
    assertEquals(await desk.take("a", "Good", truth), "matched");
    assertEquals((await refusal(() => desk.take("b", "Good", truth))).status, 404);
    assertEquals((await refusal(() => desk.take("a", "Best", truth))).errors, [
      { pointer: "/label", detail: '"Best" is none of Poor, Good' },
    ]);
    // Another process logged predictions here: it may have been one of them.
    const other = `${folder}/predictions_20261121T100000_${Deno.pid + 1}_0.jsonl`;
    await Deno.writeTextFile(other, "");
    assertEquals(await desk.take("b", "Good", truth), "late");
    assertEquals((await refusal(() => desk.take("b", "Best", truth))).status, 422);
    await Deno.remove(other);
    // "a" is forgotten for "c".
    scoreboard.predicted(recordOf({ request_id: "c" }), "multiclass");
    assertEquals(await desk.take("a", "Poor", truth), "late");
    assertEquals(logged.map(({ request_id, label }) => [request_id, label]), [
      ["a", "Good"],
      ["b", "Good"],
      ["a", "Poor"],
    ]);
    assertEquals(counted, ["matched", "unknown", "late", "late"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
