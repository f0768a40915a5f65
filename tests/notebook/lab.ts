/** JupyterLab as people have it: its server, a page of it in Chromium, the kernel as `install` leaves it. */

import { fromFileUrl, join } from "@std/path";
import { type Browser, launch, type Page } from "puppeteer-core";
import type { NotebookDocument } from "../../src/notebook_files/mod.ts";
import { waitUntil } from "../wait_until.ts";
import { freePort } from "../free_port.ts";

const server = fromFileUrl(import.meta.resolve("../../.venv/bin/jupyter-lab"));
const cli = fromFileUrl(import.meta.resolve("../../src/notebook/main.ts"));
const config = fromFileUrl(import.meta.resolve("../../deno.json"));

const isFile = (path: string) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // no such folder either
  }
};

/** A Chromium on the PATH. */
const chromium = (Deno.env.get("PATH") ?? "").split(":")
  .flatMap((folder) =>
    ["chromium", "chromium-browser", "google-chrome"].map((it) => join(folder, it))
  )
  .find(isFile);

/** What is missing to open JupyterLab, for the name of a test; empty if nothing is. */
export const labLacks = chromium === undefined
  ? " (needs chromium)"
  : isFile(server)
  ? ""
  : " (needs .venv with jupyterlab)";

/** An output as the page's model has it. */
export interface LabOutput {
  readonly output_type: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

const VIEWPORT = { width: 1200, height: 900 };

/** A running JupyterLab over a folder, in one page. */
export class Lab implements AsyncDisposable {
  #page: Page | undefined;

  private constructor(
    readonly folder: string,
    readonly home: string,
    readonly process: Deno.ChildProcess,
    readonly browser: Browser,
    readonly origin: string,
    readonly token: string,
  ) {}

  /** Installs the kernel, and Deno's own, for a Jupyter of its own and starts that in the folder. */
  static async start(folder: string, env: Record<string, string> = {}): Promise<Lab> {
    const home = await Deno.makeTempDir();
    const places = {
      JUPYTER_DATA_DIR: join(home, "data"),
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
      IPYTHONDIR: join(home, "ipython"),
    };
    const installed = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--config", config, cli, "install"],
      env: places,
    }).output();
    if (!installed.success) throw new Error(new TextDecoder().decode(installed.stderr));
    const write = async (path: string, content: object) => {
      const file = join(home, path);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      await Deno.writeTextFile(file, JSON.stringify(content));
    };
    await write("data/kernels/deno/kernel.json", {
      argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
      ...{ display_name: "Deno", language: "typescript" },
    });
    await write("config/jupyter_lab_config.json", {
      LabApp: { expose_app_in_browser: true },
    });
    await write("config/labconfig/page_config.json", {
      disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true },
    });
    // Cells that are out of sight have no outputs on the page otherwise.
    await write("settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings", {
      windowingMode: "none",
    });
    const token = crypto.randomUUID();
    const port = freePort();
    const child = new Deno.Command(server, {
      args: [
        ...["--no-browser", "--allow-root", "--log-level=ERROR", `--port=${port}`],
        ...["--ServerApp.port_retries=0", `--ServerApp.root_dir=${folder}`],
        `--IdentityProvider.token=${token}`,
      ],
      env: { ...places, DINOFLOW_TYPES: "off", ...env },
      ...{ cwd: folder, stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    const origin = `http://127.0.0.1:${port}`;
    try {
      await waitUntil(async () => {
        try {
          const answer = await fetch(`${origin}/api`);
          await answer.body?.cancel();
          return answer.ok;
        } catch {
          return false; // it does not listen yet
        }
      }, "JupyterLab answers");
      const browser = await launch({
        executablePath: chromium!,
        args: ["--no-sandbox", "--disable-gpu"],
        defaultViewport: VIEWPORT,
      });
      return new Lab(folder, home, child, browser, origin, token);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Writes a notebook and opens it; its kernel is ready then. */
  async open(
    name: string,
    notebook: NotebookDocument,
    kernel: "dinoflow" | "deno" = "dinoflow",
  ): Promise<LabPage> {
    const display_name = kernel === "deno" ? "Deno" : "Dinoflow (Deno)";
    const kernelspec = { name: kernel, display_name, language: "typescript" };
    await Deno.writeTextFile(
      join(this.folder, name),
      JSON.stringify({ ...notebook, metadata: { ...notebook.metadata, kernelspec } }),
    );
    const shown = this.#page === undefined
      ? await this.#load(name)
      : await this.#show(this.#page, name);
    const lab = new LabPage(shown);
    const current = "jupyterapp.shell.currentWidget";
    const path = `${current}?.context?.path === ${JSON.stringify(name)}`;
    await lab.until(`${path} && ${current}.context.isReady`, `${name} is open`);
    await lab.ready();
    const count = `${current}.content.widgets.length`;
    await lab.until(`${count} === ${notebook.cells.length}`, "the cells are there");
    return lab;
  }

  /** Opens JupyterLab, which takes longer than all that a test does there. */
  async #load(name: string): Promise<Page> {
    this.#page = await this.browser.newPage();
    // A workspace of its own: another would open the notebooks before as well.
    const workspace = name.replace(/\W/g, "-");
    await this.#page.goto(
      `${this.origin}/lab/workspaces/${workspace}/tree/${name}?token=${this.token}`,
    );
    return this.#page;
  }

  async #show(page: Page, name: string): Promise<Page> {
    await page.setViewport(VIEWPORT);
    await page.evaluate(
      `globalThis.runs = {};
       void jupyterapp.commands.execute("docmanager:open", { path: ${JSON.stringify(name)} });`,
    );
    return page;
  }

  /** Closes the page, as after what has loaded it anew; the next notebook opens another. */
  async closePage(): Promise<void> {
    await this.#page?.close();
    this.#page = undefined;
  }

  /** What the server's REST interface says. */
  async api<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.origin}/api/${path}`, {
      headers: { authorization: `token ${this.token}` },
    });
    return await answer.json() as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    this.process.kill("SIGTERM"); // it ends its kernels; a second one ends it at once
    const late = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
    await this.process.status;
    clearTimeout(late);
    await Deno.remove(this.home, { recursive: true });
  }
}

/** A notebook in JupyterLab's page. */
export class LabPage {
  constructor(readonly page: Page) {}

  /** Waits until the notebook is there and its kernel idle. */
  async ready(): Promise<void> {
    await this.until(
      "jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
      "the kernel is idle",
    );
    await this.page.waitForSelector(".jp-NotebookPanel-toolbar [data-command]", { visible: true });
  }

  /** Waits until an expression of the page is true. */
  async until(expression: string, what: string, seconds?: number): Promise<void> {
    await waitUntil(
      async () => {
        try {
          return await this.page.evaluate(`Boolean(${expression})`) as boolean;
        } catch {
          return false; // what it reads is not there yet
        }
      },
      what,
      seconds,
    );
  }

  /** Does what a command of JupyterLab does, without waiting for its end. */
  async command(name: string, options: object = {}): Promise<void> {
    await this.page.evaluate(
      `void jupyterapp.commands.execute(${JSON.stringify(name)}, ${JSON.stringify(options)})`,
    );
  }

  /** Chooses a cell and runs it; {@link ended} waits for its end. */
  async run(cell: number): Promise<void> {
    await this.choose(cell);
    await this.page.evaluate(
      `globalThis.runs ??= {};
       runs[${cell}] = "runs";
       void jupyterapp.commands.execute("notebook:run-cell").finally(() => runs[${cell}] = "over");`,
    );
  }

  /** Chooses a cell, counted from 0. */
  async choose(cell: number): Promise<void> {
    await this.page.evaluate(
      `jupyterapp.shell.currentWidget.content.activeCellIndex = ${cell};
       jupyterapp.shell.currentWidget.content.deselectAll();`,
    );
  }

  /** Writes the text of a cell anew. */
  async write(cell: number, text: string): Promise<void> {
    await this.page.evaluate(
      `jupyterapp.shell.currentWidget.content.model.cells.get(${cell}).sharedModel
        .setSource(${JSON.stringify(text)})`,
    );
  }

  /** The outputs of a cell. */
  async outputs(cell: number): Promise<readonly LabOutput[]> {
    return await this.page.evaluate(
      `jupyterapp.shell.currentWidget.content.model.cells.get(${cell}).outputs.toJSON()`,
    ) as LabOutput[];
  }

  /** The words of all outputs of a cell, one after another. */
  async words(cell: number): Promise<string> {
    return (await this.outputs(cell)).map(({ text, data, ename, evalue, traceback }) =>
      text ?? data?.["text/plain"] ?? `${ename}: ${evalue}\n${traceback?.join("\n")}`
      // deno-lint-ignore no-control-regex
    ).join("\n").replaceAll(/\x1b\[[\d;]*m/g, "");
  }

  /** Waits until a cell that was run has come to its end. */
  async ended(cell: number): Promise<void> {
    await this.until(`globalThis.runs?.[${cell}] !== "runs"`, `cell ${cell} is over`);
  }

  /** Closes the notebook, and ends its kernel. */
  async close(): Promise<void> {
    await this.page.evaluate(`(async () => {
      await jupyterapp.shell.currentWidget.sessionContext.shutdown();
      for (const widget of [...jupyterapp.shell.widgets("main")]) widget.dispose();
    })()`);
  }

  /** Presses Stop, as people do. */
  async stop(): Promise<void> {
    const button = '[data-command="notebook:interrupt-kernel"]';
    await (await this.page.waitForSelector(button, { visible: true }))!.click();
  }
}
