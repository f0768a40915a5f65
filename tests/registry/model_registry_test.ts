/** The contract of registries in a folder and on a real MLflow server. */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { useFile } from "../../src/base/mod.ts";
import {
  type Bundle,
  bundleName,
  findBundle,
  FolderRegistry,
  MlflowRegistry,
} from "../../src/registry/mod.ts";
import { checkModelRegistry } from "../contracts/model_registry_contract.ts";
import { name, saveLoanModel, writeLoans } from "../promotion/models.ts";
import { trackedLoanModel } from "../promotion/tracked.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";

async function damage(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[bytes.length >> 1] ^= 1;
  await Deno.writeFile(path, bytes);
}

Deno.test("folder registry: contract", async (t) => {
  const root = await Deno.makeTempDir({ prefix: "registry-" });
  try {
    const [folder, data] = [join(root, "models"), join(root, "loans.csv")];
    await writeLoans(data);
    const made: Bundle[] = [];
    for (let i = 0; i < 3; i++) made.push(await saveLoanModel(folder, data, { rounds: 2 + i }));
    await damage(made[2].modelPath);
    const bundles = made.map(({ metadata }) => bundleName(metadata));
    await checkModelRegistry(t, { registry: new FolderRegistry(folder), name, bundles });

    await t.step(
      "aliases are references, and a server's lock says that it holds a model",
      async () => {
        const registry = new FolderRegistry(folder);
        const { version } = made[1].metadata;
        assertEquals((await findBundle(folder, `${name}@champion`)).metadata.version, version);
        {
          using _one = useFile(made[1].metadataPath);
          using _two = useFile(made[1].metadataPath);
          assertEquals(await registry.isServed(name, version), true);
        }
        assertEquals(await registry.isServed(name, version), false);
      },
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test({
  name: `MLflow registry: contract ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn(t) {
    await using server = await startMlflowServer();
    const [folder, data] = [join(server.folder, "models"), join(server.folder, "loans.csv")];
    await writeLoans(data);
    const registry = MlflowRegistry.open(server.url);
    const bundles: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { metadata } = await trackedLoanModel(server.url, folder, data, { rounds: 2 + i });
      assertEquals(await registry.register(name, metadata), String(i + 1));
      assertEquals(await registry.register(name, metadata), String(i + 1), "it is one already");
      bundles.push(bundleName(metadata));
    }
    // Where the server keeps the last one's file.
    let newest: { path: string; mtime: Date } | undefined;
    for await (const path of onnxFiles(join(server.folder, "artifacts"))) {
      const { mtime } = await Deno.stat(path);
      newest = newest === undefined || mtime! > newest.mtime ? { path, mtime: mtime! } : newest;
    }
    await damage(newest!.path);
    await checkModelRegistry(t, { registry, name, bundles });
  },
});

async function* onnxFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* onnxFiles(path);
    else if (name.endsWith(".onnx")) yield path;
  }
}
