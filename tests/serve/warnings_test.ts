/** Values that a model does not understand come back as warnings; the answer is as before. */

import { assertEquals } from "@std/assert";
import { understanding } from "../../serve/model/understanding.ts";
import type { FeatureState } from "../../src/features/mod.ts";
import { classAnswer } from "./answers.ts";
import { save, withApp } from "./fixture.ts";

Deno.test("serve: values that were not understood come back as warnings", () =>
  withApp(async ({ call }) => {
    const ask = async (record: unknown) =>
      classAnswer.strict().parse(await (await call("/predict", record)).json());
    const { warnings } = await ask({ Age: "old", Debt: "12_", Job: "Astronaut", Mix: "_" });
    assertEquals(warnings, [
      { column: "Age", sent: "old", done: "no number could be read: taken as missing" },
      {
        column: "Job",
        sent: "Astronaut",
        done: "no category that the training knew: taken as none of them",
      },
    ]);
    const far = (await ask({ Age: 7580 })).warnings!;
    assertEquals(far.map(({ column, sent }) => [column, sent]), [["Age", 7580]]);
    assertEquals(far[0].done.startsWith("beyond what is believed"), true);
    const long = (await ask({ Age: `x${"y".repeat(1000)}` })).warnings!;
    assertEquals(String(long[0].sent).length, 61);
  }));

Deno.test("serve: a warning knows patterns and lists as the model's columns do", () =>
  withApp(async ({ call }) => {
    const warned = async (record: unknown) =>
      (classAnswer.parse(await (await call("/predict", record)).json()).warnings ?? [])
        .map(({ column }) => column);
    assertEquals(await warned({ History: "long ago", Loans: "Auto Loan, Moon Loan" }), [
      "History",
      "Loans",
    ]);
    const known = ["Auto Loan", "Pay Loan, Auto Loan", "Auto Loan, and Home Loan", "", "_"];
    for (const Loans of known) {
      assertEquals(await warned({ History: "3 Years and 2 Months", Loans }), [], Loans);
    }
    for (const History of ["NA", "", null]) assertEquals(await warned({ History }), []);
  }));

Deno.test("serve: a state that does not tell what a column understands warns of nothing", () => {
  const column = { name: "Day", kind: "text" as const, required: false };
  for (
    const columns of [undefined, [], [null], [{ name: "Day", kind: "none" }], [{
      name: "Day",
      kind: "date",
    }]]
  ) {
    const feature_state = { columns } as unknown as FeatureState;
    assertEquals(understanding(column, { feature_state })("x", "x"), undefined);
  }
});

Deno.test("serve: what is missing, or dirty and understood, is no reason to warn", () =>
  withApp(async ({ call }) => {
    const empties = [null, "", "_", "NA", " nan ", "None", "-", "__"];
    for (const empty of empties) {
      const answer = await (await call("/predict", { Age: empty, Job: "Lawyer" })).json();
      assertEquals(answer.warnings, undefined, JSON.stringify(empty));
    }
    for (const record of [{ Age: "35_", Job: "_______" }, { Age: 35.5 }, { Job: "Lawyer" }]) {
      assertEquals((await (await call("/predict", record)).json()).warnings, undefined);
    }
  }));

Deno.test("serve: the model's own decision and group hold where the settings say nothing", () => {
  const decision = { threshold: 0.25, label: "Poor" };
  const test = async (flags: string[], wanted: number) => {
    await withApp(async ({ call, folder, slots }) => {
      const { metadata, metadataPath } = await save(folder, 0);
      const declared_features = {
        ...{ target: { column: "Score", classes: metadata.class_labels }, group: "Customer" },
        columns: {},
      };
      await Deno.writeTextFile(
        metadataPath,
        JSON.stringify({ ...metadata, decision, declared_features }),
      );
      await slots.follow();
      const answer = classAnswer.parse(
        await (await call("/predict", { Age: 35, Customer: "C1" })).json(),
      );
      assertEquals(answer.threshold, wanted);
      const poor = answer.probabilities[answer.class_labels.indexOf("Poor")];
      assertEquals(answer.above_threshold, poor >= wanted);
      assertEquals((await call("/predict", { Age: 35, Customer_ID: "C1" })).status, 422);
    }, { empty: true, flags });
  };
  return test([], 0.25).then(() => test(["--threshold", "0.4", "--threshold-class", "Poor"], 0.4));
});
