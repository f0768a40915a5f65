/** The kernel under Jupyter's own conformance tests. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { kernelSpec } from "../../src/notebook/cli/kernel_spec.ts";
import { succeeds } from "../program.ts";
import { Folder } from "./notebook_files.ts";

const python = fromFileUrl(import.meta.resolve("../../.venv/bin/python"));
const script = fromFileUrl(import.meta.resolve("../python/kernel_protocol.py"));

const hasTests = await succeeds(python, "-c", "import jupyter_kernel_test");

Deno.test({
  name: `kernel protocol: Jupyter's tests of kernels pass${
    hasTests ? "" : " (needs .venv with jupyter_kernel_test)"
  }`,
  ignore: !hasTests,
  fn: async () => {
    await using folder = await Folder.create();
    const spec = JSON.stringify(kernelSpec([Deno.execPath()]));
    await folder.write(join("kernels", "dinoflow", "kernel.json"), spec);
    const { success, stderr } = await new Deno.Command(python, {
      args: [script],
      cwd: folder.path,
      env: { JUPYTER_PATH: folder.path, DINOFLOW_TYPES: "off", NO_COLOR: "" },
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert(success, said);
    // The pager is one of IPython's; all else is tested.
    assertEquals(said.match(/skipped '(.*)'/g), ["skipped 'No code page something'"]);
  },
});
