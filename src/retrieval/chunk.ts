/** Documents cut into passages that an encoder reads whole and an answer can cite. */

import { UsageError } from "../base/mod.ts";
import type { DocumentBlock, KnowledgeDocument, PlaceUnit } from "./documents/document.ts";

/** A passage of a document, before it is kept. */
export interface Chunk {
  /** `source#number`, from 1 in the order of the document. */
  readonly id: string;
  /** Path or address of the document. */
  readonly source: string;
  /** Title of the document. */
  readonly title: string;
  /** Headings above it, joined by ` › `; empty if there are none. */
  readonly heading: string;
  /** Headings with lines, pages or rows. */
  readonly position: string;
  /** The text. */
  readonly text: string;
}

/** How documents are cut. */
export interface ChunkOptions {
  /** Words of a passage at most; 160 if left out, which 256 word pieces have room for. */
  readonly mostWords?: number;
}

/** Changes whenever documents are cut in another way, so that all are cut anew. */
export const CHUNK_RULES = 1;

/** Letters of a word that are kept together: what is longer is no word. */
const LONGEST_WORD = 60;

/** Words of a passage at most. */
export const usualWords = 160;

/**
 * Cuts a document. A passage never spans two headings; a block that is too long is cut at ends of
 * sentences, one without any at words.
 *
 * @throws {UsageError} if a passage may not have 8 words.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const block = { headings: ["Saving"], unit: "line" as const, from: 3, to: 3, text: "Save first." };
 * const chunks = chunkDocument({ source: "a.md", title: "A", digest: "0", blocks: [block] });
 * assertEquals(chunks.map(({ id, position }) => [id, position]), [["a.md#1", "Saving, line 3"]]);
 * ```
 */
export function chunkDocument(
  { source, title, blocks }: KnowledgeDocument,
  { mostWords = usualWords }: ChunkOptions = {},
): Chunk[] {
  if (!Number.isInteger(mostWords) || mostWords < 8) {
    throw new UsageError(`Cannot cut documents into passages of ${mostWords} words`, {
      next: "give a whole number of at least 8",
    });
  }
  const chunks: Chunk[] = [];
  let [open, words]: [DocumentBlock[], number] = [[], 0];
  const close = () => {
    if (open.length === 0) return;
    const heading = open[0].headings.join(" › ");
    const place = placeText(open[0].unit, open[0].from, open.at(-1)!.to);
    chunks.push({
      id: `${source}#${chunks.length + 1}`,
      ...{ source, title, heading },
      position: [heading, place].filter((part) => part !== "").join(", "),
      text: open.map(({ text }) => text).join("\n"),
    });
    [open, words] = [[], 0];
  };
  for (const block of blocks) {
    for (const piece of cut(block, mostWords)) {
      const count = wordCount(piece.text);
      if (open.length > 0 && (!isBelow(open[0], piece) || words + count > mostWords)) close();
      open.push(piece);
      words += count;
    }
  }
  close();
  return chunks;
}

/** What stands for a passage where it is looked for by meaning: it would be lost without its titles. */
export function searchedText(
  { title, heading, text }: Pick<Chunk, "title" | "heading" | "text">,
): string {
  return [title, heading, text].filter((part) => part !== "").join("\n");
}

function isBelow(first: DocumentBlock, { headings }: DocumentBlock): boolean {
  return first.headings.length === headings.length &&
    first.headings.every((heading, i) => heading === headings[i]);
}

function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** A block in pieces of so many words; lines are not counted within it, so pieces share its lines. */
function* cut(block: DocumentBlock, mostWords: number): Generator<DocumentBlock> {
  if (wordCount(block.text) <= mostWords && block.text.length <= mostWords * LONGEST_WORD) {
    yield block;
    return;
  }
  let [open, words]: [string[], number] = [[], 0];
  for (const sentence of sentencesOf(block.text).flatMap((text) => cutWords(text, mostWords))) {
    const count = wordCount(sentence);
    if (open.length > 0 && words + count > mostWords) {
      yield { ...block, text: open.join(" ") };
      [open, words] = [[], 0];
    }
    open.push(sentence);
    words += count;
  }
  if (open.length > 0) yield { ...block, text: open.join(" ") };
}

function sentencesOf(text: string): string[] {
  const segments = new Intl.Segmenter("en", { granularity: "sentence" }).segment(text);
  return Array.from(segments, ({ segment }) => segment.trim()).filter((text) => text !== "");
}

function cutWords(text: string, mostWords: number): string[] {
  const words = (text.match(/\S+/g) ?? []).flatMap((word) =>
    word.length <= LONGEST_WORD ? [word] : word.match(new RegExp(`.{1,${LONGEST_WORD}}`, "gsu"))!
  );
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += mostWords) {
    pieces.push(words.slice(at, at + mostWords).join(" "));
  }
  return pieces;
}

function placeText(unit: PlaceUnit | undefined, from: number, to: number): string {
  if (unit === undefined) return "";
  return from === to ? `${unit} ${from}` : `${unit}s ${from}–${to}`;
}
