import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ModelError, sha256, UserError } from "../../src/base/mod.ts";
import {
  checkWritable,
  findBundle,
  latestBundle,
  listBundles,
  type ModelMetadata,
  readModel,
  saveBundle,
} from "../../src/registry/mod.ts";

const bytes = new TextEncoder().encode("an ONNX file");

const moment = new Date(2026, 10, 21, 3, 15, 0);

function metadata(version: string, digest: string): ModelMetadata {
  return {
    model_name: "Over_RandomForest",
    version,
    timestamp: "2026-11-21T03:15:00.000Z",
    model_digest: digest,
    metrics: { f1_macro: 0.8 },
    feature_columns: ["Age"],
    task: { kind: "multiclass", classes: ["Poor", "Standard", "Good"] },
    class_labels: ["Poor", "Standard", "Good"],
    input_schema: [{ name: "Age", kind: "number", required: false }],
    feature_state: { columns: [], features: [] },
    data_digest: "00",
    run_id: null,
    git_commit: null,
    package_versions: {},
    reference_statistics: {},
  };
}

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("registry: a model with a metric that cannot be told reads back without it", () =>
  withFolder(async (folder) => {
    const metrics = { f1_macro: 0.8, roc_auc: NaN };
    await saveBundle(folder, bytes, moment, (...at) => ({ ...metadata(...at), metrics }));
    assertEquals((await latestBundle(folder)).metadata.metrics, { f1_macro: 0.8 });
  }));

Deno.test("registry: a saved bundle is the latest and reads back; versions do not collide", () =>
  withFolder(async (folder) => {
    await saveBundle(folder, bytes, moment, metadata);
    await saveBundle(folder, bytes, moment, metadata);
    const latest = await latestBundle(folder);
    assertEquals(latest.metadata, metadata("20261121_031501", sha256(bytes)));
    assertEquals(await readModel(latest), bytes);
    assertEquals(await names(folder), [
      "Over_RandomForest_v_20261121_031500.onnx",
      "Over_RandomForest_v_20261121_031500_metadata.json",
      "Over_RandomForest_v_20261121_031501.onnx",
      "Over_RandomForest_v_20261121_031501_metadata.json",
      "audit.jsonl",
      "latest_model.json",
    ]);
  }));

Deno.test("registry: savers at the same moment all get a version of their own", () =>
  withFolder(async (folder) => {
    const saved = await Promise.all(
      Array.from({ length: 8 }, () => saveBundle(folder, bytes, moment, metadata)),
    );
    assertEquals(new Set(saved.map(({ modelPath }) => modelPath)).size, 8);
    assertEquals((await names(folder)).length, 18);
  }));

Deno.test("registry: a save that fails at the pointer leaves no file of its version", () =>
  withFolder(async (folder) => {
    // A folder with content in the pointer's place makes the last rename fail.
    await Deno.mkdir(join(folder, "latest_model.json", "inside"), { recursive: true });
    await assertRejects(() => saveBundle(folder, bytes, moment, metadata));
    assertEquals(await names(folder), ["latest_model.json"]);
  }));

Deno.test("registry: a changed model file is refused", () =>
  withFolder(async (folder) => {
    const bundle = await saveBundle(folder, bytes, moment, metadata);
    await Deno.writeTextFile(bundle.modelPath, "something else");
    await assertRejects(() => readModel(bundle), ModelError, "digest differs");
  }));

Deno.test("registry: a version is found by what it is called, and the newest of a name", () =>
  withFolder(async (folder) => {
    const other = (version: string, digest: string): ModelMetadata => ({
      ...metadata(version, digest),
      model_name: "SMOTE_GradientBoosting",
    });
    const saved = [
      await saveBundle(folder, bytes, moment, metadata),
      await saveBundle(folder, bytes, moment, other),
      await saveBundle(folder, bytes, moment, metadata),
    ];
    const [oldest, , newest] = saved.map((bundle) => bundle.metadata.version);
    assertEquals((await listBundles(folder)).map(({ version }) => version), [
      newest,
      saved[1].metadata.version,
      oldest,
    ]);
    const { deployment, ...champion } = await findBundle(folder, "latest");
    assertEquals(champion, saved[2]);
    assertEquals([deployment?.by, deployment?.policy], ["training", "newest"]);
    assertEquals(await findBundle(folder, oldest), saved[0]);
    assertEquals(await findBundle(folder, "Over_RandomForest"), saved[2]);
    assertEquals(await findBundle(folder, `Over_RandomForest_v_${oldest}`), saved[0]);
    await assertRejects(
      () => findBundle(folder, "Baseline"),
      ModelError,
      `its newest are Over_RandomForest_v_${newest}`,
    );
    assertEquals(await listBundles(join(folder, "nowhere")), []);
  }));

Deno.test("registry: an empty folder says to train first", () =>
  withFolder(async (folder) => {
    for (const find of [() => latestBundle(folder), () => findBundle(folder, "Forest")]) {
      assertEquals((await assertRejects(find, ModelError)).next, "train a model first");
    }
  }));

Deno.test("registry: a models folder that cannot be written is named early", () =>
  withFolder(async (folder) => {
    const file = join(folder, "models");
    await Deno.writeTextFile(file, "");
    await assertRejects(
      () => checkWritable(join(file, "inside")),
      UserError,
      "Cannot write to",
    );
  }));
