/** What Deno's language server knows of a notebook: one document of all cells that were run. */

import { join, toFileUrl } from "@std/path";
import { denoCommand } from "../../base/mod.ts";
import { inNotebookWords, joinCells, type JoinedModule } from "./joined_module.ts";
import { readCellSources } from "../code/read_cells.ts";
import { LspClient } from "./lsp_client.ts";

/** What may stand at a place, as Jupyter has it. */
export interface Completions {
  /** Texts. */
  readonly matches: readonly string[];
  /** Where the text that they replace begins, in characters as Jupyter counts them. */
  readonly cursor_start: number;
  /** Where it ends. */
  readonly cursor_end: number;
  /** Kinds of the matches, for front ends that show them. */
  readonly metadata: unknown;
}

interface Item {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly filterText?: string;
}

interface Diagnostic {
  readonly range: { readonly start: { readonly line: number } };
  readonly severity: number;
  readonly code?: string | number;
  readonly source?: string;
  readonly message: string;
}

/** Matches at most. */
const MOST = 200;

/** Milliseconds that a front end waits for an answer; later ones would come for nothing. */
const PATIENCE = 60_000;

const kinds: Readonly<Record<number, string>> = {
  2: "function",
  3: "function",
  5: "property",
  6: "instance",
  7: "class",
  8: "interface",
  9: "module",
  10: "property",
  13: "enum",
  14: "keyword",
  17: "path",
  19: "path",
};

/** The language server, started when it is first asked. */
export class LanguageServer implements AsyncDisposable {
  readonly #uri: string;
  /** Cells by their name, in the order of their last run. */
  readonly #cells = new Map<string, string>();
  #client: Promise<LspClient> | undefined;
  #started: LspClient | undefined;
  #version = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Takes the folder of the notebook: imports are relative to it. */
  constructor(readonly cwd: string) {
    this.#uri = toFileUrl(join(cwd, `.notebook-${crypto.randomUUID().slice(0, 8)}.ts`)).href;
  }

  /** Hears a cell that was run; the same name again replaces it. */
  ran(code: string, name: string): void {
    this.#cells.delete(name);
    this.#cells.set(name, code);
  }

  /** What may stand at a place of a cell that is being written. */
  async complete(code: string, cursor: number): Promise<Completions> {
    const at = utf16(code, cursor);
    const start = at - /[\w$#]*$/.exec(code.slice(0, at))![0].length;
    const prefix = code.slice(start, at);
    const answer = await this.#ask<{ items: Item[] } | Item[] | null>(
      "textDocument/completion",
      code,
      at,
    );
    const all = Array.isArray(answer) ? answer : answer?.items ?? [];
    const text = (item: Item) => item.filterText ?? item.label;
    const exact = all.filter((item) => text(item).startsWith(prefix));
    const loose = (item: Item) => text(item).toLowerCase().startsWith(prefix.toLowerCase());
    const items = (exact.length > 0 ? exact : all.filter(loose))
      .sort((a, b) => (a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1)
      .slice(0, MOST);
    const texts = items.map((item) => (item.insertText ?? item.label).replace(/^\./, ""));
    const [cursor_start, cursor_end] = [points(code, start), points(code, at)];
    return {
      matches: texts,
      cursor_start,
      cursor_end,
      metadata: {
        _jupyter_types_experimental: items.map(({ kind }, i) => ({
          ...{ start: cursor_start, end: cursor_end, text: texts[i] },
          type: kinds[kind ?? 0] ?? "statement",
        })),
      },
    };
  }

  /** What stands at a place: its type and its documentation; what a call takes, within one. */
  async inspect(code: string, cursor: number): Promise<Record<string, string> | undefined> {
    const at = utf16(code, cursor);
    const texts: string[] = [];
    const found = await this.#ask<{ contents: unknown } | null>("textDocument/hover", code, at) ??
      (at > 0
        ? await this.#ask<{ contents: unknown } | null>("textDocument/hover", code, at - 1)
        : null);
    if (found) texts.push(proseOf(found.contents));
    const call = await this.#ask<Signatures | null>("textDocument/signatureHelp", code, at);
    const signature = call?.signatures[call.activeSignature ?? 0];
    if (signature) {
      texts.push(`\`\`\`ts\n${signature.label}\n\`\`\`\n${proseOf(signature.documentation ?? "")}`);
    }
    const text = texts.map((text) => text.trim()).filter((text) => text !== "").join("\n\n---\n\n");
    return text === "" ? undefined : { "text/markdown": text, "text/plain": text };
  }

  /** The type errors of the cells that were run, by their names. */
  async errors(): Promise<Map<string, string[]>> {
    const { module, names } = await this.#module();
    return await this.#alone(async (client) => {
      await this.#write(client, module.text);
      const { items = [] } = await client.request<{ items?: Diagnostic[] }>(
        "textDocument/diagnostic",
        { textDocument: { uri: this.#uri } },
      );
      const found = new Map<string, string[]>();
      for (const { range, severity, code, source, message } of items) {
        const place = module.placeOf(range.start.line + 1);
        if (severity !== 1 || source !== "deno-ts" || place === undefined) continue;
        const name = names[place.cell - 1];
        const text = `line ${place.line}: TS${code}: ${inNotebookWords(message)}`;
        found.set(name, [...found.get(name) ?? [], text]);
      }
      return found;
    });
  }

  /** Ends the language server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#started?.[Symbol.asyncDispose]();
  }

  /** Asks about a place of a cell below those that were run. */
  async #ask<T>(method: string, code: string, at: number): Promise<T | null> {
    const { module } = await this.#module();
    // In a block, names may be declared again; imports may not stand there.
    const block = /^\s*import\b(?!\s*\()/m.test(code) ? ["", ""] : ["{", "}"];
    const head = `${module.text}${block[0]}\n`;
    const before = (head + code.slice(0, at)).split("\n");
    const late = new Promise<null>((resolve) => {
      Deno.unrefTimer(setTimeout(() => resolve(null), PATIENCE));
    });
    const asked = this.#alone(async (client) => {
      await this.#write(client, `${head}${code}\n${block[1]}\n`);
      return await client.request<T>(method, {
        textDocument: { uri: this.#uri },
        position: { line: before.length - 1, character: before.at(-1)!.length },
      });
    });
    return await Promise.race([asked, late]);
  }

  /** The cells as one module, and their names. */
  async #module(): Promise<{ readonly module: JoinedModule; readonly names: readonly string[] }> {
    const names = [...this.#cells.keys()];
    const { cells } = await readCellSources(
      names.map((name, i) => ({ cell: i + 1, source: this.#cells.get(name)!, tags: [] })),
    );
    return { module: joinCells(cells), names };
  }

  async #write(client: LspClient, text: string): Promise<void> {
    const version = ++this.#version;
    const document = { uri: this.#uri, version };
    if (version > 1) {
      return await client.notify("textDocument/didChange", {
        textDocument: document,
        contentChanges: [{ text }],
      });
    }
    await client.notify("textDocument/didOpen", {
      textDocument: { ...document, languageId: "typescript", text },
    });
  }

  /** One question after the other: each has a text of its own. */
  #alone<T>(work: (client: LspClient) => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => await work(await (this.#client ??= this.#start())));
    this.#last = done.catch(() => {}); // told to whoever asked
    return done;
  }

  async #start(): Promise<LspClient> {
    const command = await denoCommand(["lsp", "--quiet"], {
      ...{ cwd: this.cwd, stdin: "piped", stdout: "piped", stderr: "null" },
    });
    const client = this.#started = new LspClient(command, () => {});
    const rootUri = toFileUrl(this.cwd).href;
    await client.request("initialize", {
      processId: Deno.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "notebook" }],
      capabilities: {
        textDocument: {
          hover: { contentFormat: ["markdown"] },
          signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
          diagnostic: {},
        },
      },
      initializationOptions: { enable: true, lint: false },
    });
    await client.notify("initialized", {});
    return client;
  }
}

interface Signatures {
  readonly signatures: readonly { readonly label: string; readonly documentation?: unknown }[];
  readonly activeSignature?: number;
}

/** The prose of what a language server says, which has several forms. */
function proseOf(contents: unknown): string {
  if (typeof contents === "string") return contents;
  if (Array.isArray(contents)) return contents.map(proseOf).join("\n\n");
  return String((contents as { value?: unknown } | null)?.value ?? "");
}

/** A place in UTF-16 units of one that Jupyter counts in characters. */
function utf16(code: string, cursor: number): number {
  return [...code].slice(0, cursor).join("").length;
}

function points(code: string, at: number): number {
  return [...code.slice(0, at)].length;
}
