/** The kernel in a real JupyterLab, in a real browser. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import puppeteer, { type Page } from "puppeteer-core";
import { code, Folder, notebook } from "./notebook_files.ts";

const python = fromFileUrl(import.meta.resolve("../../.venv/bin/python"));
const main = fromFileUrl(import.meta.resolve("../../src/notebook/main.ts"));
const config = fromFileUrl(import.meta.resolve("../../deno.json"));

/** Where JupyterLab is: in the environment that JUPYTERLAB_PYTHON names, or the tests' own. */
const withLab = await (async () => {
  for (const command of [Deno.env.get("JUPYTERLAB_PYTHON"), python]) {
    if (command === undefined) continue;
    const asked = new Deno.Command(command, { args: ["-c", "import jupyterlab"] }).output();
    if (await asked.then(({ success }) => success, () => false)) return command;
  }
})();

const chromium = await (async () => {
  for (const path of ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
})();

interface Lab extends AsyncDisposable {
  readonly page: Page;
  /** Opens a notebook and waits until its kernel is there. */
  open(name: string): Promise<void>;
  /** Runs all cells, or those from `first` up to `last`, without waiting for them. */
  start(): Promise<void>;
  command(name: string): Promise<void>;
  /** Outputs of each code cell, a word each, as the page has them. */
  outputs(): Promise<string[][]>;
}

const texts = `(() => {
  const { content } = globalThis.jupyterapp.shell.currentWidget;
  return content.widgets.filter(({ model }) => model.type === "code").map(({ model }) =>
    model.outputs.toJSON().map((output) => {
      const text = (value) => Array.isArray(value) ? value.join("") : value;
      return output.output_type === "stream" ? output.name + ": " + text(output.text)
        : output.output_type === "error" ? output.ename + ": " + output.evalue
        : text(output.data["text/plain"]) ?? Object.keys(output.data).join();
    }));
})()`;

async function startLab(folder: Folder): Promise<Lab> {
  const data = folder.at("jupyter");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--config", config, main, "install", "--prefix", data],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const child = new Deno.Command(withLab!, {
    args: [
      ...["-m", "jupyterlab", "--no-browser", "--port=0", "--ip=127.0.0.1", "--allow-root"],
      ...["--IdentityProvider.token=", "--expose-app-in-browser", `--notebook-dir=${folder.path}`],
    ],
    env: {
      ...{ JUPYTER_PATH: join(data, "share/jupyter"), JUPYTER_RUNTIME_DIR: folder.at("runtime") },
      ...{ JUPYTER_CONFIG_DIR: folder.at("config"), IPYTHONDIR: folder.at("ipython") },
    },
    ...{ stdin: "null", stdout: "null", stderr: "piped" },
  }).spawn();
  const url = Promise.withResolvers<string>();
  const reading = (async () => {
    let said = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found) url.resolve(found);
    }
    url.reject(new Error(said));
  })();
  const address = await url.promise;
  const browser = await puppeteer.launch({
    executablePath: chromium!,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(240_000);
  await page.setViewport({ width: 1200, height: 900 });
  return {
    page,
    async open(name) {
      await page.goto(`${address}/lab/tree/${name}?reset`);
      await page.waitForFunction(
        `globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle"`,
      );
    },
    async start() {
      await page.evaluate(`void globalThis.jupyterapp.commands.execute("notebook:run-all-cells")`);
    },
    async command(name) {
      await page.evaluate(`void globalThis.jupyterapp.commands.execute(${JSON.stringify(name)})`);
    },
    outputs: () => page.evaluate(texts) as Promise<string[][]>,
    async [Symbol.asyncDispose]() {
      await browser.close();
      child.kill("SIGTERM");
      await child.status;
      await reading;
    },
  };
}

/** Outputs without colours. */
function plain(outputs: readonly (readonly string[])[]): string[][] {
  // deno-lint-ignore no-control-regex
  return outputs.map((list) => list.map((text) => text.replaceAll(/\x1b\[[\d;]*m/g, "").trim()));
}

async function until(
  lab: Lab,
  done: (outputs: string[][]) => boolean,
  what: string,
): Promise<string[][]> {
  const start = performance.now();
  for (;;) {
    const outputs = plain(await lab.outputs());
    if (done(outputs)) return outputs;
    assert(performance.now() - start < 240_000, `${what}: ${JSON.stringify(outputs.slice(0, 20))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const kernelspec = { name: "dinoflow", display_name: "Dinoflow (Deno)", language: "typescript" };
const missing = withLab === undefined ? " (needs JupyterLab)" : chromium ? "" : " (needs chromium)";

Deno.test({
  name: `jupyterlab: cells, faults, late outputs and Stop in a browser${missing}`,
  ignore: missing !== "",
  // A browser and two servers: what they leave behind is theirs.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using folder = await Folder.create();
    const many = notebook(...Array.from({ length: 1000 }, (_, i) => `${i}`));
    await folder.write("many.ipynb", { ...many, metadata: { kernelspec } });
    const faults = notebook(
      "let kept = 41;\nNaN",
      "setTimeout(() => console.log('late'), 700);\n-0",
      code("Promise.reject(new Error('lost'));\nnull", "raises-exception"),
      code("const = 1", "raises-exception"),
      code("import { no } from './none.ts';", "raises-exception"),
      "await new Deno.Command('sh', { args: ['-c', 'echo child'], stdout: 'inherit' }).output();\n5n",
      code("kept++; while (true) {}", "raises-exception"),
      "kept",
    );
    await folder.write("faults.ipynb", { ...faults, metadata: { kernelspec } });
    await using lab = await startLab(folder);

    await lab.open("faults.ipynb");
    await lab.start();
    await until(lab, (outputs) => outputs[5].includes("5n"), "the cells before the loop");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await lab.command("notebook:interrupt-kernel");
    const told = await until(lab, (outputs) => outputs[7].length > 0, "the cell after the loop");
    assertEquals(told[0], ["NaN"]);
    assertEquals(told[1], ["-0", "stdout: late"]);
    assertStringIncludes(told[2].join("; "), "Error: lost (a promise that nothing awaits");
    assertEquals(told[3], ["SyntaxError: Unexpected token"]);
    assertStringIncludes(told[4][0], "TypeError: Module not found");
    assertEquals(told[5], ["stdout: child", "5n"]);
    assertEquals(told[6], ["Interrupted: The cell was stopped; variables stay"]);
    assertEquals(told[7], ["42"]);

    await lab.open("many.ipynb");
    await lab.start();
    const all = await until(
      lab,
      (outputs) => outputs.every(({ length }) => length > 0),
      "1,000 cells",
    );
    assertEquals(all, Array.from({ length: 1000 }, (_, i) => [String(i)]));
  },
});
