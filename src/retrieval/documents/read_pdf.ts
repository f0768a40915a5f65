/** The text of PDF files, page by page. */

import { DataError } from "../../base/mod.ts";
import { visibleText } from "./decode_text.ts";
import type { DocumentBlock, DocumentText } from "./document.ts";

/** Pages of a file that are read. */
const MOST_PAGES = 5000;

/**
 * Reads the text of a PDF file. Scanned pages have none.
 *
 * @throws {DataError} if it is encrypted, damaged or too long.
 */
export async function readPdf(
  content: Uint8Array<ArrayBuffer>,
  source: string,
): Promise<DocumentText> {
  // 1.7 MB of code that is needed only where there is such a file.
  const { extractText, getDocumentProxy, getMeta } = await import("unpdf");
  const failed = (cause: unknown) => {
    const { name, message } = cause as Error;
    const encrypted = name === "PasswordException";
    return new DataError(
      `Cannot read ${source}: ${encrypted ? "it is encrypted" : `it is no whole PDF (${message})`}`,
      { cause, next: encrypted ? "save it without a password" : "open it and save it again" },
    );
  };
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    // pdf.js takes the bytes away from whoever gives them.
    pdf = await getDocumentProxy(content.slice(), { verbosity: 0 });
  } catch (cause) {
    throw failed(cause);
  }
  try {
    if (pdf.numPages > MOST_PAGES) {
      throw new DataError(`Cannot read ${source}: it has ${pdf.numPages} pages of ${MOST_PAGES}`, {
        next: "split the file",
      });
    }
    const { text: pages } = await extractText(pdf, { mergePages: false });
    const { info } = await getMeta(pdf);
    const title = visibleText(String((info as { Title?: unknown })?.Title ?? ""));
    const blocks = pages.flatMap((page, i): DocumentBlock[] => {
      const text = visibleText(page);
      return text === "" ? [] : [{ headings: [], unit: "page", from: i + 1, to: i + 1, text }];
    });
    return { ...title !== "" && { title }, blocks };
  } catch (cause) {
    throw cause instanceof DataError ? cause : failed(cause);
  } finally {
    await pdf.loadingTask.destroy();
  }
}
