/** A notebook as one page that works offline. */

import { createHash } from "node:crypto";
import { basename, dirname, extname, join } from "@std/path";
import { type NotebookCell, type NotebookDocument, sourceText } from "../../notebook_files/mod.ts";
import { Html, html, htmlPage, ifPresent } from "../../base/mod.ts";
import { drawing, type Figure, pageStyle } from "../../report/mod.ts";
import type { Output } from "../../deno_kernel/mod.ts";
import { type FindImage, highlight, renderMarkdown } from "./markdown.ts";
import { renderOutput } from "./output.ts";
import { notebookStyle } from "./style.ts";

/** Images that prose may show. */
const images: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};

/**
 * Renders a notebook with its outputs. Figures of plotly can be explored; the library
 * is on the page once. Nothing is loaded, and a policy on the page lets no script run
 * but that library, whatever the outputs hold.
 *
 * @param path Where the notebook is; images in its prose are relative to it.
 */
export async function notebookPage(notebook: NotebookDocument, path: string): Promise<string> {
  const language = String(
    (notebook.metadata.language_info as { name?: string })?.name ?? "typescript",
  );
  const figures: Figure[] = [];
  const body: Html[] = [];
  for (const cell of notebook.cells) body.push(await renderCell(cell, path, language, figures));
  const scripts = figures.length > 0 ? await drawing(figures) : new Html("");
  const content = html`<main>
    ${body}
    </main>
    ${scripts}`;
  const guard = html`<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">\n`;
  return htmlPage(title(notebook, path), pageStyle + notebookStyle, content, guard);
}

async function renderCell(
  cell: NotebookCell,
  path: string,
  language: string,
  figures: Figure[],
): Promise<Html> {
  const source = sourceText(cell);
  if (cell.cell_type === "markdown") {
    return html`<div class="cell prose">${await renderMarkdown(
      source,
      imagesOf(cell, path),
    )}</div>\n`;
  }
  if (cell.cell_type !== "code") return html`<pre class="cell text">${source}</pre>\n`;
  const outputs: Html[] = [];
  for (const output of (cell.outputs ?? []) as Output[]) {
    outputs.push(html`<div class="output">${await renderOutput(output, figures)}</div>\n`);
  }
  const count = typeof cell.execution_count === "number" ? `[${cell.execution_count}]` : "";
  const code = source.trim() === ""
    ? []
    : html`<pre class="source">${highlight(source, language)}</pre>\n`;
  return html`<div class="cell code" data-count="${count}">${code}${outputs}</div>\n`;
}

/** Images that are attached to a cell, or lie beside the notebook. */
function imagesOf(cell: NotebookCell, path: string): FindImage {
  const attachments = (cell.attachments ?? {}) as Record<string, Record<string, string>>;
  return async (address) => {
    const attached = Object.entries(attachments[address.replace(/^attachment:/, "")] ?? {})[0];
    if (attached) return `data:${attached[0]};base64,${attached[1]}`;
    const type = images[extname(address).toLowerCase()];
    if (type === undefined || /^[a-z]+:/i.test(address)) return undefined;
    const bytes = await ifPresent(Deno.readFile(join(dirname(path), decodeURI(address))));
    return bytes && `data:${type};base64,${bytes.toBase64()}`;
  };
}

/** The first heading, else the name of the file. */
function title({ cells }: NotebookDocument, path: string): string {
  for (const cell of cells) {
    const heading = cell.cell_type === "markdown" && /^# +(.+)$/m.exec(sourceText(cell));
    if (heading) return heading[1].replaceAll(/[*`]/g, "").trim();
  }
  return basename(path, ".ipynb");
}

/** What the page may load and run: the scripts that were put there, known by their digests. */
function policy(scripts: Html): string {
  const digests = [...scripts.text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) =>
    `'sha256-${createHash("sha256").update(script).digest("base64")}'`
  );
  const run = digests.length === 0 ? "'none'" : digests.join(" ");
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src ${run}`;
}
