// deno-lint-ignore-file no-console -- what is written there is what is tested
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import pl from "nodejs-polars";
import { UsageError } from "../../src/base/mod.ts";
import { clean, featureSet, multiHot, number, oneHot } from "../../src/features/mod.ts";
import {
  changes,
  correlation,
  type Data,
  describe,
  display,
  plot,
  progress,
  show,
  table,
  trackRuns,
  View,
} from "../../src/cells/mod.ts";
import { missingIn, tabularData } from "../../src/cells/frame.ts";
import { RunView } from "../../src/cells/run_view.ts";
import { largestOutput } from "../../src/cells/view.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";

const hostile = `<img src=x onerror="alert(1)">`;

const raw = {
  rows: 3,
  columns: {
    Age: ["28_", null, "-500"],
    Job: ["Cook", hostile, null],
    Loans: ["Auto Loan, and Payday Loan", null, "Auto Loan"],
    Score: ["Good", "Poor", "Good"],
  },
};
const set = featureSet({
  target: { column: "Score", classes: ["Poor", "Good"] },
  columns: {
    Age: number({ min: 14, max: 100 }),
    Job: oneHot(),
    Loans: multiHot({ conjunction: "and" }),
  },
});
const cleaned = clean(set, raw, { target: "required" });

/** The forms of a view. */
function forms(view: View): Record<string, unknown> {
  return { ...view.media };
}

/** What work writes to the console. */
async function consoleOf(work: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: unknown) => lines.push(String(line));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("cells: every kind of table is read with its types, values and gaps", () => {
  const expected: [Data, string, [string, string, number, unknown][]][] = [
    [raw, "Table", [
      ["Age", "text", 1, "28_"],
      ["Job", "text", 1, "Cook"],
      ["Loans", "text", 1, "Auto Loan, and Payday Loan"],
      ["Score", "text", 0, "Good"],
    ]],
    [cleaned, "CleanData", [
      ["Age", "number", 2, 28],
      ["Job", "category", 1, "Cook"],
      ["Loans", "list", 1, "Auto Loan, Payday Loan"],
    ]],
    [matrixFromRows([[1, NaN], [2, 3]]), "Matrix", [
      ["x0", "Float32", 0, 1],
      ["x1", "Float32", 1, null],
    ]],
    [[{ a: 1 }, { a: 2, b: new Date(0) }], "Records", [
      ["a", "number", 0, 1],
      ["b", "text", 1, null],
    ]],
    [pl.DataFrame({ a: [1.5, null, NaN], b: ["x", "y", "z"] }), "DataFrame", [
      ["a", "Float64", 2, 1.5],
      ["b", "String", 0, "x"],
    ]],
  ];
  for (const [data, kind, columns] of expected) {
    const frame = tabularData(data);
    assertEquals(frame.kind, kind);
    assertEquals(
      frame.columns.map((column) => [
        ...[column.name, column.type, missingIn(column, frame.rows)],
        column.at(0),
      ]),
      columns,
    );
  }
});

Deno.test("cells: a long Polars column is read alike one by one and as a whole", () => {
  const values = Array.from({ length: 2_000 }, (_, i) => i % 7 === 0 ? null : i / 2);
  const { rows, columns: [column] } = tabularData(pl.DataFrame({ values }));
  assertEquals(Array.from({ length: rows }, (_, i) => column.at(i)), values);
});

Deno.test("cells: what is no table is refused, and so are names that do not fit", () => {
  assertThrows(() => show(42 as unknown as Data), UsageError, "as a table");
  const matrix = matrixFromRows([[1, 2]]);
  assertThrows(() => show(matrix, { names: ["a"] }), UsageError, "2 columns with 1 names");
});

Deno.test("cells: show escapes, cuts and bounds what it shows", () => {
  const long = "x".repeat(10_000);
  const wide = Array.from(
    { length: 5_000 },
    (_, i) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, j) => [`c${j}`, i ? long : hostile])),
  );
  const view = show(wide);
  const markup = String(forms(view)["text/html"]);
  assert(!markup.includes("<img"));
  assertStringIncludes(markup, "&lt;img");
  assertStringIncludes(markup, "4999");
  assertStringIncludes(String(view), "5,000 rows × 60 columns, the first 32 of them");
  assert(!markup.includes("c32"));
  assert(markup.length < 100_000, `${markup.length}`);
  assertStringIncludes(String(forms(show(raw))["text/html"]), "1 missing (33.3 %)");
});

Deno.test("cells: describe gives NumPy's figures", () => {
  const text = String(describe([{ v: 1 }, { v: 2 }, { v: 4 }, { v: null }]));
  // numpy: mean 7/3, std(ddof=1) 1.5275, percentiles 1.5 and 3.
  assertEquals(text.split("\n").at(-1)?.trim().split(/\s{2,}/), [
    ...["v", "number", "1", "2.33333", "1.52753", "1", "1.5", "2", "3", "4"],
  ]);
});

Deno.test("cells: correlation is NumPy's, over rows that have both", () => {
  const x = [1e9 + 1, 1e9 + 2, 1e9 + 4, NaN, 1e9 + 7];
  const y = [2, 1, 5, 9, 6];
  // numpy.corrcoef([1, 2, 4, 7], [2, 1, 5, 6])[0, 1]; numbers near 1e9 keep 7 digits of theirs.
  assertAlmostEquals(correlation(x, y), 0.8997354108424372, 1e-8);
  assertEquals(correlation([1, 1], [1, 2]), NaN);
});

Deno.test("cells: changes count how cells came out, text and its number being the same", () => {
  assertEquals(changes(raw, cleaned, "Age"), [
    { before: "28_", after: 28, rows: 1 },
    { before: "-500", after: null, rows: 1 },
  ]);
  const [before, after] = [[{ v: "0.1" }, { v: "" }], [{ v: Math.fround(0.1) }, { v: 0 }]];
  assertEquals(changes(before, after, "v"), [{ before: "", after: 0, rows: 1 }]);
  assertThrows(() => changes(raw, [{ Age: 1 }], "Age"), UsageError, "3 rows with 1");
});

Deno.test("cells: every figure has a plotly, a still and a text form", () => {
  const predictions = {
    classes: ["Poor", "Good"],
    labels: [0, 1, 1, 0],
    probabilities: Float32Array.of(0.9, 0.2, 0.6, 0.7, 0.1, 0.8, 0.4, 0.3),
  };
  const values = Float64Array.of(1, 2, 3, NaN);
  const views = [
    plot.histogram("t", "a", [{ label: "l", values }]),
    plot.box("t", "a", [{ label: "l", values }]),
    plot.scatter("t", { x: "a", y: "b" }, [{ label: "l", x: values, y: values }]),
    plot.line("t", { x: "a", y: "b" }, [{ label: "l", x: [0, 1], y: [0, 1] }]),
    plot.band("t", "a", { x: ["2026-01"], y: [1], around: { low: [0], high: [2] } }),
    plot.bar("t", "a", [{ label: "l", value: 1 }]),
    plot.dot("t", "a", [{ label: "l", value: 1, error: 0.1 }]),
    plot.heatmap("t", { x: ["a"], y: ["b"], z: [[1]] }),
    plot.confusion("t", predictions),
    plot.roc("t", predictions),
    plot.precisionRecall("t", predictions),
    plot.calibration("t", predictions),
    plot.importance("t", { features: ["f"], rows: 1, outputs: [{ label: "l", shap: [1] }] }),
    plot.shapSummary("t", { features: ["f"], rows: 2, shap: [1, 2], values: [1, 2] }),
    plot.shapWaterfall("t", { base: 0, contributions: [{ feature: "f", shap: 1 }] }),
    plot.learningCurve("t", { axis: "a", metric: "m", series: [{ label: "l", values: [1, 2] }] }),
  ];
  assertEquals(views.length, Object.keys(plot).length);
  for (const view of views) {
    assertEquals(Object.keys(forms(view)), [
      ...["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"],
    ]);
    assert(String(forms(view)["image/svg+xml"]).startsWith("<svg"));
  }
  // Of four rows the third is taken for Poor: 0.6 to 0.4.
  assertStringIncludes(String(views[8]), "100.0 % of Poor found, 50.0 % of Good found");
  assertStringIncludes(String(views[9]), "1.000 for Poor");
});

Deno.test("cells: an output stays below a megabyte and says what it leaves out", () => {
  const view = new View({ "text/plain": "short", "text/html": "x".repeat(2 * largestOutput) });
  assertEquals(Object.keys(forms(view)), ["text/plain"]);
  assertStringIncludes(String(view), "(text/html left out: 2.0 MB)");
  const text = new View({ "text/plain": "\n".repeat(2 * largestOutput) });
  assert(JSON.stringify(text.media).length < largestOutput);
});

Deno.test("cells: a run that says much shows its last lines and how many came before", async () => {
  const at = new Date(0).toISOString();
  const view = new RunView("loud", "/somewhere/project");
  view.take({
    ...{ type: "run_started", at, run: "loud_1", pipeline: "loud", params: {} },
    steps: [{ name: "talk" }],
  });
  for (let i = 0; i < 5_000; i++) {
    view.take({ type: "log", at, step: "talk", text: `/somewhere/project/line ${i}` });
  }
  const [text] = await consoleOf(() => view.end());
  assertStringIncludes(text, "… 4800 earlier lines left out\nline 4800\n");
  assert(text.endsWith("line 4999"));
});

Deno.test("cells: without a kernel, display and progress write text to the console", async () => {
  const lines = await consoleOf(async () => {
    await display(show([{ a: 1 }]), plot.bar("Rows", "n", [{ label: "a", value: 1 }]));
    const bar = progress("Work");
    bar.at(0.5);
    await bar.end("all");
  });
  assertEquals(lines.length, 3);
  assertStringIncludes(lines[0], "1 rows × 1 columns");
  assertEquals(lines[2], `Work ${"█".repeat(24)} 100 % all`);
  assertEquals(Deno.inspect(show([{ a: 1 }])), String(show([{ a: 1 }])));
});

Deno.test("cells: a tracked run ends with its work, well or not, and can be compared", async () => {
  const uri = await Deno.makeTempDir();
  const tracking = await trackRuns({ uri, notebook: "test" });
  const result = await tracking.run("good", { depth: 3 }, async (run) => {
    await run.logMetrics({ f1: 0.5 });
    await run.logMetrics({ f1: 0.75 });
    return "kept";
  });
  assertEquals(result, "kept");
  const failing = tracking.run("bad", { depth: 9 }, () => Promise.reject(new Error("no rows")));
  assertEquals(await failing.catch((error) => error.message), "no rows");
  assertEquals(tracking.runs.map(({ status, metrics }) => [status, metrics]), [
    ["FINISHED", { f1: 0.75 }],
    ["FAILED", {}],
  ]);
  const [, head, good, bad] = String(table(tracking.runs)).split("\n");
  assertEquals(head.split(/\s{2,}/), ["Run", "Status", "Seconds", "depth", "f1"]);
  assert(/^good .* 3 +0.75$/.test(good) && /^bad .* 9 +–$/.test(bad), `${good}\n${bad}`);
});
