/** References of several models: no more false alarms than promised, and nothing lost without need. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { compare, numericStatistics, ofSeveralModels } from "../../src/drift/mod.ts";

const [MODELS, ROWS, TRIALS] = [5, 400, 200];

/** Values of `models` models that differ by `between` from one another, values of one by 1. */
function draw(random: Random, models: number, between: number) {
  const values = new Float64Array(ROWS);
  const of = new Int32Array(ROWS);
  const offsets = Array.from({ length: models }, () => between * random.normal());
  values.forEach((_, i) => {
    of[i] = i % models;
    values[i] = offsets[of[i]] + random.normal();
  });
  return { values, of };
}

/** Shares of trials in which one more model of the same kind is said to differ. */
async function alarms(between: number): Promise<{ plain: number; told: number }> {
  const random = new Random(11);
  let [plain, told] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    const { values, of } = draw(random, MODELS, between);
    const one = numericStatistics(values);
    const reference = ofSeveralModels(one, { kind: "number", values }, of);
    const current = {
      rows: ROWS,
      columns: { p: { kind: "number" as const, values: draw(random, 1, between).values } },
    };
    const differs = async (p: typeof one) =>
      Number((await compare({ rows: ROWS, columns: { p } }, current)).columns[0].drifted);
    plain += await differs(one);
    told += await differs(reference);
  }
  return { plain: plain / TRIALS, told: told / TRIALS };
}

Deno.test("several models: another one is no drift, where models differ", async () => {
  const { plain, told } = await alarms(0.2);
  // Five models tell their variance badly: a test that knew it would be at 0.05.
  assert(plain > 0.3 && told < 0.12, `${plain} of trials before, ${told} told`);
});

Deno.test("several models: those that do not differ cost nothing but chance", async () => {
  const { plain, told } = await alarms(0);
  assert(told <= plain && plain < 0.1, `${plain}, ${told}`);
  const values = Float64Array.from({ length: 300 }, (_, i) => Math.floor(i / 3));
  const alike = values.map((_, i) => i % 3);
  const one = numericStatistics(values);
  const models = Int32Array.from(alike);
  assertEquals(ofSeveralModels(one, { kind: "number", values }, models), one);
});

Deno.test("several models: one model, and models that all say the same, change nothing", () => {
  const values = new Float64Array(50).fill(0.3);
  const one = numericStatistics(values);
  const column = { kind: "number", values } as const;
  assertEquals(ofSeveralModels(one, column, Int32Array.from(values, (_, i) => i % 5)), one);
  const rising = Float64Array.from({ length: 50 }, (_, i) => i);
  const statistics = numericStatistics(rising);
  const same = new Int32Array(50);
  assertEquals(ofSeveralModels(statistics, { kind: "number", values: rising }, same), statistics);
  assertThrows(() => ofSeveralModels(one, column, [0, 1]), RangeError, "groups");
});

Deno.test("several models: what groups of rows cost is kept beside it", () => {
  const random = new Random(3);
  const { values, of } = draw(random, MODELS, 2);
  const groups = Int32Array.from(values, (_, i) => i >> 1);
  const grouped = numericStatistics(values, groups);
  const both = ofSeveralModels(grouped, { kind: "number", values }, of);
  assertEquals(both.effective!.groups, ROWS / 2);
  assert(both.effective!.values < grouped.effective!.values / 10);
});
