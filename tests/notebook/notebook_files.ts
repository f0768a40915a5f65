/** Notebooks in a folder of their own, and the command line that is asked to do something with them. */

import { join } from "@std/path";
import { runNotebookCli } from "../../src/notebook/cli/cli.ts";
import {
  type NotebookCell,
  type NotebookDocument,
  readNotebook,
} from "../../src/notebook_files/mod.ts";

/** A code cell. */
export function code(source: string, ...tags: string[]): NotebookCell {
  return { cell_type: "code", source, metadata: { tags }, execution_count: null, outputs: [] };
}

/** A text cell. */
export function prose(source: string): NotebookCell {
  return { cell_type: "markdown", source, metadata: {} };
}

/** A notebook; texts are code cells. */
export function notebook(...cells: (string | NotebookCell)[]): NotebookDocument {
  return {
    cells: cells.map((cell) => typeof cell === "string" ? code(cell) : cell),
    metadata: { kernelspec: { name: "deno", language: "typescript", display_name: "Deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** How the command line ended. */
export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with notebooks. */
export class Folder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(notebooks: Record<string, NotebookDocument> = {}): Promise<Folder> {
    const folder = new Folder(await Deno.realPath(await Deno.makeTempDir()));
    for (const [name, notebook] of Object.entries(notebooks)) await folder.write(name, notebook);
    return folder;
  }

  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  async write(name: string, content: NotebookDocument | string): Promise<string> {
    await Deno.mkdir(join(this.at(name), ".."), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 1);
    await Deno.writeTextFile(this.at(name), text);
    return this.at(name);
  }

  read(name: string): Promise<NotebookDocument> {
    return readNotebook(this.at(name));
  }

  /** Calls the command line; words that end with .ipynb are files of this folder. */
  async cli(...args: string[]): Promise<Ended> {
    let stdout = "";
    let stderr = "";
    const size = () => undefined;
    const exit = await runNotebookCli(
      args.map((arg) => /^[^-].*\.(ipynb|html|ts)$/.test(arg) ? this.at(arg) : arg),
      {
        root: this.path,
        stdout: { write: (text) => void (stdout += text), size },
        stderr: { write: (text) => void (stderr += text), size },
        signal: new AbortController().signal,
      },
    );
    const here = (text: string) => text.replaceAll(`${this.path}/`, "");
    return { exit, stdout: here(stdout), stderr: here(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
