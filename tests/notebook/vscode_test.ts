/** What VS Code needs of the kernel and its outputs, by the rules of its Jupyter extension. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { kernelSpec, vsCodeLooksIn } from "../../src/notebook/cli/kernel_spec.ts";
import { committed, small } from "./small_notebooks.ts";
import { JupyterClient } from "../deno_kernel/jupyter_client.ts";
import { Folder } from "./notebook_files.ts";

/** In this order VS Code offers the forms of an output; it takes the first that it can draw. */
const order = [
  ...["application/vnd.", "application/vdom.", "application/geo+json", "text/html"],
  ...["application/javascript", "image/gif", "text/latex", "text/markdown", "image/png"],
  ...["image/svg+xml", "image/jpeg", "application/json", "text/plain"],
];

/** What VS Code draws by itself, and with the renderers that its Jupyter extension brings along. */
const alone = /^(?:text\/(?:html|markdown|plain|latex)|image\/|application\/(?:javascript|json)$)/;
const withRenderers = /^application\/vnd\.(?:plotly\.v1|vega|dataresource)/;

function taken(data: Readonly<Record<string, unknown>>, renderers: boolean): string | undefined {
  const place = (type: string) => order.findIndex((beginning) => type.startsWith(beginning));
  return Object.keys(data).filter((type) => place(type) >= 0)
    .sort((one, other) => place(one) - place(other))
    .find((type) => alone.test(type) || (renderers && withRenderers.test(type)));
}

Deno.test("vs code: every output of the notebooks is drawn, with and without its renderers", async () => {
  const seen = new Set<string>();
  for (const name of Object.keys(small)) {
    for (const { id, cell_type, outputs } of (await committed(name)).cells) {
      if (cell_type !== "code") continue;
      for (const { data } of outputs as { data?: Record<string, unknown> }[]) {
        if (data === undefined) continue;
        const [bare, rich] = [taken(data, false), taken(data, true)];
        const figure = "application/vnd.plotly.v1+json" in data;
        assertEquals(rich, figure ? "application/vnd.plotly.v1+json" : bare, `${name} ${id}`);
        if (figure) {
          assertEquals(bare, "image/svg+xml", `${name} ${id}`);
          // An image in text, where all others are in base64.
          assertMatch([data["image/svg+xml"]].flat().join(""), /^<svg[^>]*xmlns=/);
        }
        if ("application/vnd.dinoflow.table+json" in data) assertEquals(bare, "text/html");
        assert(bare === "text/plain" || "text/plain" in data, `${name} ${id}`);
        seen.add(`${bare} ${rich}`);
      }
    }
  }
  assert(seen.size >= 3, [...seen].join());
});

Deno.test("vs code: the kernel is found and started by its rules", async () => {
  const spec = kernelSpec(["deno"]) as Record<string, unknown>;
  const argv = spec.argv as string[];
  assertEquals(argv.filter((argument) => argument.includes("{connection_file}")), [
    "{connection_file}", // a whole argument: it is looked for as one
  ]);
  assert(!/python/i.test(argv[0]));
  assertEquals(spec.language, "typescript"); // its name of the language of cells
  assertEquals(spec.interrupt_mode, "message");
  assert(!Object.keys(spec.metadata as object).some((key) => /interpreter|vscode/.test(key)));
  await using folder = await Folder.create();
  await using client = await JupyterClient.start(folder.path);
  const { reply } = await client.ask("kernel_info_request", {});
  const info = reply.language_info as Record<string, unknown>;
  assertEquals([info.name, info.file_extension], ["typescript", ".ts"]);
});

Deno.test({
  name: "vs code: installing says whether it looks there",
  ignore: Deno.build.os !== "linux",
  fn: () => {
    const env: Record<string, string> = { HOME: "/home/ann", JUPYTER_PATH: "/opt/a:/opt/b" };
    const looks = (kernels: string, place = {}) =>
      vsCodeLooksIn(join(kernels, "kernels"), place, (name) => env[name]);
    assert(looks("/home/ann/.local/share/jupyter"));
    assert(looks("/usr/local/share/jupyter"));
    assert(looks("/opt/b"));
    assert(looks("/home/ann/env/share/jupyter", { sysPrefix: true }));
    assert(!looks("/home/ann/data/jupyter"));
    assert(!looks("/home/ann/prefix/share/jupyter"));
  },
});
