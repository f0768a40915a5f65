/**
 * Kinds of files that are read, by the endings of their names. Each reader is loaded when there is
 * such a file, so that a server which only searches loads no parsers.
 */

import type { DocumentReader } from "./document.ts";

const markdown: DocumentReader = async (content, source) =>
  (await import("./read_markdown.ts")).readMarkdown(content, source);
const html: DocumentReader = async (content, source) =>
  (await import("./read_html.ts")).readHtml(content, source);
const pdf: DocumentReader = async (content, source) =>
  await (await import("./read_pdf.ts")).readPdf(content, source);
const csv: DocumentReader = async (content, source) =>
  (await import("./read_csv.ts")).readCsv(content, source);

/** Who reads a file, by the ending of its name in lower case. */
export const documentReaders: Readonly<Record<string, DocumentReader>> = {
  ".md": markdown,
  ".markdown": markdown,
  ".txt": markdown,
  ".html": html,
  ".htm": html,
  ".pdf": pdf,
  ".csv": csv,
};
