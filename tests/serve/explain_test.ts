/** Explanations of records as they come: with gaps, dirt and categories that training never saw. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { explainAnswer } from "../../serve/routes/explain.ts";
import { byLabel, classAnswer } from "./answers.ts";
import { Random } from "../../src/base/mod.ts";
import { records } from "./fixture.ts";
import { withObserved } from "./observed.ts";

const full = Deno.args.includes("--full");
const RECORDS = full ? 2000 : 200;

/** What a field may hold instead of a value of its own; undefined leaves it out. */
const odd = [
  ...[undefined, null, "", "_", "#F%$D@*&8", "Astronaut", "35_", "-1", "1e30", "NA"],
  ...["99 Years and 99 Months", "Years and Months", "Mortgage Loan, and A Yacht Loan", "ß漢"],
];

function damaged(random: Random): Record<string, unknown> {
  const record = { ...records[random.int(records.length)] };
  for (const name of Object.keys(record)) {
    if (random.next() < 0.4) record[name] = odd[random.int(odd.length)];
  }
  return record;
}

Deno.test("serve: any record that is predicted is explained, and the explanation adds up", () =>
  withObserved(async ({ call }) => {
    const random = new Random(7);
    let explained = 0;
    for (let n = 0; n < RECORDS; n++) {
      const record = damaged(random);
      const [predicted, response] = await Promise.all([
        call("/predict", record),
        call("/explain?class=all", record),
      ]);
      assertEquals(response.status, predicted.status, JSON.stringify(record));
      assert(response.status === 200 || response.status === 422, `${response.status}`);
      if (response.status === 422) {
        await Promise.all([predicted.body?.cancel(), response.body?.cancel()]);
        continue;
      }
      explained++;
      const { prediction, explanations } = explainAnswer.parse(await response.json());
      const probabilities = byLabel(classAnswer.parse(await predicted.json()));
      const highest = Math.max(...Object.values(probabilities));
      assertAlmostEquals(probabilities[prediction], highest, 1e-6, JSON.stringify(record));
      for (const { score, base, columns } of Object.values(explanations)) {
        const sum = Object.values(columns).reduce((total, value) => total + value, base);
        assertAlmostEquals(sum, score, 1e-4, JSON.stringify(record));
      }
    }
    assert(explained > RECORDS / 2, `${explained} of ${RECORDS} were explained`);
  }));

Deno.test("serve: many records are explained as each alone, all or none", () =>
  withObserved(async ({ call }) => {
    const some = records.slice(0, 5);
    const batch = await (await call("/explain/batch?class=all", { records: some })).json();
    assertEquals(batch.count, 5);
    for (const [row, record] of some.entries()) {
      const alone = explainAnswer.parse(
        await (await call("/explain?class=all", record)).json(),
      );
      const one = explainAnswer.parse(batch.explanations[row]);
      assertEquals(one.request_id, `${batch.request_id}#${row}`);
      assertEquals(one.explanations, alone.explanations);
      assertEquals(one.prediction, alone.prediction);
    }
    const bad = await call("/explain/batch", { records: [some[0], { Agee: 1 }] });
    assertEquals(bad.status, 422);
    assertEquals((await bad.json()).errors[0].pointer, "/records/1/Agee");
    assertEquals((await call("/explain/batch", { records: [] })).status, 422);
    assertEquals((await call("/explain/batch", some[0])).status, 422);
  }));

Deno.test("serve: of a model whose file is gone what was read is explained, else that is told", () =>
  withObserved(async ({ call, folder }) => {
    await removeModel(folder);
    const refused = await call("/explain", records[0]);
    assertEquals(refused.status, 409);
    assert((await refused.json()).detail.includes("it is gone"));
    assertEquals((await call("/predict", records[0])).status, 200);
  }));

Deno.test("serve: what was explained before its file went is explained from memory", () =>
  withObserved(async ({ call, folder }) => {
    assertEquals((await call("/explain", records[0])).status, 200);
    await removeModel(folder);
    assertEquals((await call("/explain", records[0])).status, 200);
  }));

async function removeModel(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".onnx")) await Deno.remove(`${folder}/${name}`);
  }
}
