import { assertEquals, assertMatch } from "@std/assert";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import { clean, fit, inputSchema } from "../../src/features/mod.ts";
import { declaredColumns } from "../../src/monitoring/model/declared_columns.ts";
import { parseMetadata } from "../../src/registry/mod.ts";
import { find, inFolder } from "./files.ts";
import { homes, writeLog } from "./models.ts";
import { join } from "@std/path";
import { driftVerdict, terminalSummary } from "../../src/monitoring/mod.ts";

Deno.test("declared columns: what features learned cleans dirty rows as their declaration did", () => {
  const table = generateTable({ customers: 60, seed: 3 });
  const data = clean(creditFeatures, table, { target: "none" });
  const state = fit(creditFeatures, data);
  const { set, target, opaque, remarks } = declaredColumns(parseMetadata({
    ...older,
    class_labels: ["Poor", "Standard", "Good"],
    input_schema: inputSchema(state),
    feature_state: JSON.parse(JSON.stringify(state)),
  }));
  assertEquals([target, opaque], [undefined, []]);
  assertMatch(remarks.join(" "), /of an older version/);
  assertEquals(clean(set, table, { target: "none" }).columns, data.columns);
});

Deno.test("declared columns: metadata as the first versions wrote them are watched", () =>
  inFolder(async (folder) => {
    const models = join(folder, "models");
    const name = "sales_v_20250101_080000";
    await Deno.mkdir(models);
    await Deno.writeTextFile(join(models, `${name}_metadata.json`), JSON.stringify(older));
    const log = join(folder, "predictions");
    const shifted = homes({ rows: 500, seed: 4, larger: 25 });
    await writeLog(log, name, shifted, () => ({
      prediction: "no",
      probabilities: { no: 0.7, yes: 0.3 },
    }));
    const found = await find({ current: log, models, model: "sales" });
    assertMatch(driftVerdict(found), /^High drift in 1 of 3 columns: area\./);
    assertEquals(found.model!.metadata.task, {
      kind: "binary",
      classes: ["no", "yes"],
      positive: "yes",
    });
    // Nothing is known of earlier predictions: neither compared nor estimated.
    assertEquals(found.outputs, undefined);
    assertMatch(
      terminalSummary(found, "page", "json"),
      /Note: The model's metadata are of an older/,
    );
    assertEquals(found.quality!.words, []);
  }));

/** A file without task, declaration and reference performance; statistics of 3,000 homes. */
const older = {
  model_name: "sales",
  version: "20250101_080000",
  timestamp: "2025-01-01T08:00:00.000Z",
  model_digest: "0",
  metrics: { f1_macro: 0.8 },
  feature_columns: ["area", "state", "district_north", "district_south", "district_west"],
  class_labels: ["no", "yes"],
  input_schema: [
    { name: "area", kind: "number", required: false, min: 10, max: 400 },
    { name: "state", kind: "text", required: false, categories: ["poor", "fair", "good"] },
    { name: "district", kind: "text", required: false, categories: ["north", "south", "west"] },
  ],
  feature_state: {
    columns: [
      { kind: "number", name: "area", min: 10, max: 400, median: 80, lower: 40, upper: 120 },
      {
        kind: "ordinal",
        name: "state",
        levels: ["poor", "fair", "good"],
        missing: ["", "NA"],
        mode: 1,
      },
      {
        kind: "oneHot",
        name: "district",
        categories: ["north", "south", "west"],
        missing: ["", "NA"],
        mode: 0,
      },
    ],
    features: ["area", "state", "district_north", "district_south", "district_west"],
  },
  data_digest: "0",
  run_id: null,
  git_commit: null,
  package_versions: {},
  reference_statistics: {
    area: {
      kind: "number",
      count: 3000,
      missing: 0,
      mean: 80,
      sd: 15,
      min: 25,
      max: 135,
      quantiles: [
        ...[25, 55.3, 60.8, 64.5, 67.4, 69.9, 72.1, 74.2, 76.2, 78.1, 80],
        ...[81.9, 83.8, 85.8, 87.9, 90.1, 92.6, 95.5, 99.2, 104.7, 135],
      ],
      // Deciles of a normal distribution, as files without a sketch have them.
      histogram: {
        edges: [60.8, 67.4, 72.1, 76.2, 80, 83.8, 87.9, 92.6, 99.2],
        counts: new Array(10).fill(300),
      },
    },
    state: {
      kind: "category",
      count: 3000,
      missing: 0,
      categories: ["fair", "good", "poor"].map((name) => ({ name, count: 1000 })),
      other: 0,
    },
    district: {
      kind: "category",
      count: 3000,
      missing: 0,
      categories: ["north", "south", "west"].map((name) => ({ name, count: 1000 })),
      other: 0,
    },
  },
};
