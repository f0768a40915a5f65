import { assert, assertEquals } from "@std/assert";
import type { RunRecord } from "../../src/pipeline/mod.ts";
import { runsText } from "../../src/pipeline_cli/view/history_text.ts";

const record: RunRecord = {
  run: "train_20260131_093000_1f3a",
  pipeline: "train",
  params: { folds: 5, models: "a/very/long/folder/of/models/that/does/not/fit", seed: 42 },
  changed: ["models", "seed"],
  startedAt: "2026-01-31T09:30:00.000Z",
  status: "succeeded",
  seconds: 12.5,
  exitCode: 0,
  git: "0123456789ab+",
  deno: "2.9.6",
  units: [
    { step: "fold", item: "a", status: "ran", startedAfter: 0, seconds: 1, metrics: { auc: 0.75 } },
    { step: "best", status: "ran", startedAfter: 1, seconds: 1, metrics: { auc: 0.876543, n: 3 } },
  ],
};

Deno.test("runs table: changed parameters, the last steps' metrics first", () => {
  assertEquals(
    runsText([record]).split("\n")[1],
    "train_20260131_093000_1f3a  2026-01-31 09:30  succeeded  12.5 s  0123456789ab+  " +
      "models=a/very/long/folder/of/models/that/does/not/fit seed=42  auc=0.8765 n=3 auc[a]=0.7500",
  );
});

Deno.test("runs table: never wider than the terminal", () => {
  for (let columns = 10; columns < 250; columns++) {
    const lines = runsText([record, { ...record, changed: [] }], columns).trimEnd().split("\n");
    assertEquals(lines.length, 3);
    for (const line of lines) assert(line.length <= columns, `${columns}: ${line}`);
  }
  const narrow = runsText([record], 80);
  assert(narrow.includes("models=a/very/l…") && !narrow.includes("COMMIT"), narrow);
});
