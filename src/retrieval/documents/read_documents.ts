/** A folder of documents; what cannot be read is told and does not stop the others. */

import {
  basename,
  DataError,
  ifPresent,
  join,
  sha256,
  UserError,
  YieldingLoop,
} from "../../base/mod.ts";
import { visibleText } from "./decode_text.ts";
import type { KnowledgeDocument } from "./document.ts";
import { documentReaders } from "./readers.ts";

/** Bytes of a file that are read, unless it is set: more is no document to cite from. */
const MOST_BYTES = 16 << 20;

/** Letters of text that a document may have. */
const MOST_LETTERS = 20_000_000;

/** How documents are read. */
export interface ReadDocumentsOptions {
  /** Largest file that is read, in bytes; 16 MiB if left out. */
  readonly mostBytes?: number;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** A file that is no document, with the reason. */
export interface RefusedDocument {
  /** Path below the folder. */
  readonly source: string;
  /** What is wrong with it, a sentence without a period. */
  readonly reason: string;
  /** What can be done. */
  readonly next: string;
}

/** What a folder holds. */
export interface ReadDocuments {
  /** The documents, in the order of their paths. */
  readonly documents: readonly KnowledgeDocument[];
  /** The files that were refused, in the same order. */
  readonly refused: readonly RefusedDocument[];
}

/**
 * Reads the documents of a folder and those below it. Names that begin with a dot and links are
 * left out.
 *
 * @throws {DataError} if there is no such folder.
 */
export async function readDocuments(
  folder: string,
  options: ReadDocumentsOptions = {},
): Promise<ReadDocuments> {
  if (!(await ifPresent(Deno.stat(folder)))?.isDirectory) {
    throw new DataError(`Cannot read the documents in ${folder}: there is no such folder`, {
      next: "name the folder that holds them",
    });
  }
  const sources = (await filesBelow(folder, "")).sort();
  const documents: KnowledgeDocument[] = [];
  const refused: RefusedDocument[] = [];
  const seen = new Map<string, string>();
  const pace = new YieldingLoop(options);
  for (const [i, source] of sources.entries()) {
    try {
      const document = await readDocument(join(folder, source), source, options);
      const twin = seen.get(document.digest);
      if (twin !== undefined) {
        throw new DataError(`Cannot use ${source}: its content is that of ${twin}`, {
          next: "remove one of them",
        });
      }
      seen.set(document.digest, source);
      documents.push(document);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push({ source, reason: error.message, next: error.next ?? "" });
    }
    await pace.step((i + 1) / sources.length);
  }
  return { documents, refused };
}

/**
 * Reads one document.
 *
 * @param source What it is called from then on.
 * @throws {DataError} if it is of no known kind, too large, damaged, or holds no text.
 */
export async function readDocument(
  path: string,
  source: string,
  { mostBytes = MOST_BYTES }: Pick<ReadDocumentsOptions, "mostBytes"> = {},
): Promise<KnowledgeDocument> {
  const ending = /\.[^./]+$/.exec(source)?.[0].toLowerCase() ?? "";
  const reader = Object.hasOwn(documentReaders, ending) ? documentReaders[ending] : undefined;
  if (reader === undefined) {
    throw new DataError(`Cannot read ${source}: nothing reads files of its kind`, {
      next: `give one of ${Object.keys(documentReaders).join(", ")}`,
    });
  }
  const { size } = await Deno.stat(path);
  if (size > mostBytes) {
    throw new DataError(`Cannot read ${source}: it has ${size} bytes of at most ${mostBytes}`, {
      next: "split the file",
    });
  }
  const content = await Deno.readFile(path);
  const { title, blocks } = await reader(content, source);
  const letters = blocks.reduce((sum, { text }) => sum + text.length, 0);
  if (letters === 0) {
    throw new DataError(`Cannot use ${source}: it holds no text`, {
      next: ending === ".pdf"
        ? "its pages may be images: run text recognition over it first"
        : "write something into it, or remove it",
    });
  }
  if (letters > MOST_LETTERS) {
    throw new DataError(`Cannot use ${source}: it holds ${letters} letters of ${MOST_LETTERS}`, {
      next: "split the file",
    });
  }
  return {
    source,
    title: visibleText(title ?? basename(source).replace(/\.[^.]+$/, "").replaceAll(/[_-]+/g, " ")),
    digest: sha256(content),
    blocks,
  };
}

async function filesBelow(folder: string, below: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isFile, isDirectory } of Deno.readDir(join(folder, below))) {
    if (name.startsWith(".")) continue;
    const path = below === "" ? name : `${below}/${name}`;
    if (isFile) found.push(path);
    else if (isDirectory) found.push(...await filesBelow(folder, path));
  }
  return found;
}
