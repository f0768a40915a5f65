/** ONNX Runtime leaves nothing behind where it was told to be quiet, and does where it was not. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** Files below the `HOME` of a process that opens a model. */
async function leftBehind(before: string): Promise<string[]> {
  const home = await Deno.makeTempDir();
  const model = "tests/golden/files/bundle/Model1_v_20261121_030000.onnx";
  const script = join(home, "open.ts");
  await Deno.writeTextFile(
    script,
    `import { InferenceSession } from "onnxruntime-node";
import { quietOnnxRuntime } from "${new URL("../../src/base/mod.ts", import.meta.url)}";
${before}
await InferenceSession.create("${model}");
`,
  );
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: root })
    .output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--cached-only", `--config=${root}/deno.json`, script],
    cwd: root,
    // It is quiet by itself where variables say that this is CI.
    clearEnv: true,
    env: { HOME: home, DENO_DIR: denoDir, PATH: Deno.env.get("PATH") ?? "" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  await Deno.remove(script);
  const files: string[] = [];
  const folders = [home];
  for (let folder; (folder = folders.pop()) !== undefined;) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) folders.push(join(folder, name));
      else files.push(name);
    }
  }
  await Deno.remove(home, { recursive: true });
  return files;
}

Deno.test({
  name: "onnx runtime: told to be quiet it writes no events and no number of the machine",
  ignore: Deno.build.os !== "linux",
}, async () => {
  assertEquals(await leftBehind("quietOnnxRuntime();"), []);
  assert((await leftBehind("")).length > 0, "there is nothing to keep quiet any more");
});
