import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ModelError, sha256, UserError } from "../../src/base/mod.ts";
import {
  checkModelsFolder,
  latestBundle,
  type ModelMetadata,
  newVersion,
  readModel,
  saveBundle,
} from "../../src/registry/mod.ts";

const bytes = new TextEncoder().encode("an ONNX file");

function metadata(changes: Partial<ModelMetadata> = {}): ModelMetadata {
  return {
    model_name: "Over_RandomForest",
    version: "20261121_031500",
    timestamp: "2026-11-21T03:15:00.000Z",
    model_digest: sha256(bytes),
    metrics: { f1_macro: 0.8 },
    feature_columns: ["Age"],
    class_labels: ["Poor", "Standard", "Good"],
    input_schema: [{ name: "Age", kind: "number", required: false }],
    feature_state: {},
    data_digest: "00",
    run_id: null,
    git_commit: null,
    package_versions: {},
    reference_statistics: {},
    ...changes,
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

Deno.test("registry: a saved bundle is the latest and reads back", () =>
  withFolder(async (folder) => {
    await saveBundle(folder, bytes, metadata());
    await saveBundle(folder, bytes, metadata({ version: "20261121_031600" }));
    const latest = await latestBundle(folder);
    assertEquals(latest.metadata, metadata({ version: "20261121_031600" }));
    assertEquals(await readModel(latest), bytes);
    assertEquals(await names(folder), [
      "Over_RandomForest_v_20261121_031500.onnx",
      "Over_RandomForest_v_20261121_031500_metadata.json",
      "Over_RandomForest_v_20261121_031600.onnx",
      "Over_RandomForest_v_20261121_031600_metadata.json",
      "latest_model.json",
    ]);
  }));

Deno.test("registry: a version is never overwritten and a wrong digest is refused", () =>
  withFolder(async (folder) => {
    await saveBundle(folder, bytes, metadata());
    await assertRejects(
      () => saveBundle(folder, bytes, metadata()),
      ModelError,
      "this version exists",
    );
    await assertRejects(
      () => saveBundle(folder, bytes, metadata({ version: "20261121_031700", model_digest: "00" })),
      ModelError,
      "digest",
    );
    assertEquals((await names(folder)).length, 3);
  }));

Deno.test("registry: a save that fails at the pointer leaves no file of its version", () =>
  withFolder(async (folder) => {
    // A folder with content in the pointer's place makes the last rename fail.
    await Deno.mkdir(join(folder, "latest_model.json", "inside"), { recursive: true });
    await assertRejects(() => saveBundle(folder, bytes, metadata()));
    assertEquals(await names(folder), ["latest_model.json"]);
  }));

Deno.test("registry: a changed model file is refused", () =>
  withFolder(async (folder) => {
    const bundle = await saveBundle(folder, bytes, metadata());
    await Deno.writeTextFile(bundle.modelPath, "something else");
    await assertRejects(() => readModel(bundle), ModelError, "digest differs");
  }));

Deno.test("registry: an empty folder says to train first", () =>
  withFolder(async (folder) => {
    const error = await assertRejects(() => latestBundle(folder), ModelError);
    assertEquals(error.next, "train a model first");
  }));

Deno.test("registry: versions are moments and do not collide", () =>
  withFolder(async (folder) => {
    const moment = new Date(2026, 10, 21, 3, 15, 0);
    assertEquals(await newVersion(folder, moment), "20261121_031500");
    await saveBundle(folder, bytes, metadata());
    assertEquals(await newVersion(folder, moment), "20261121_031501");
  }));

Deno.test("registry: a models folder that cannot be written is named early", () =>
  withFolder(async (folder) => {
    const file = join(folder, "models");
    await Deno.writeTextFile(file, "");
    await assertRejects(
      () => checkModelsFolder(join(file, "inside")),
      UserError,
      "Cannot write models to",
    );
  }));
