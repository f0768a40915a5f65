/** A document as text with places, whatever file it was. */

/** What a block's numbers count. */
export type PlaceUnit = "line" | "page" | "row";

/** A piece of text that belongs together: a paragraph, a list, a page, a row. */
export interface DocumentBlock {
  /** Titles of the headings above it, outermost first, without that of the document. */
  readonly headings: readonly string[];
  /** What `from` and `to` count; undefined where nothing in the file can be counted. */
  readonly unit?: PlaceUnit;
  /** First line, page or row, from 1; 0 without a unit. */
  readonly from: number;
  /** Last line, page or row; at least `from`. */
  readonly to: number;
  /** Plain text without markup; not empty. */
  readonly text: string;
}

/** What a reader of one kind of file gives. */
export interface DocumentText {
  /** Title of the document; undefined if the file tells none. */
  readonly title?: string;
  /** Its blocks in their order; none if there is no text. */
  readonly blocks: readonly DocumentBlock[];
}

/** A document of a knowledge base. */
export interface KnowledgeDocument {
  /** Path below the folder, with `/`, or the address. */
  readonly source: string;
  /** Its title, or what its file is called. */
  readonly title: string;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  /** Its blocks in their order; at least one. */
  readonly blocks: readonly DocumentBlock[];
}

/**
 * Reads one kind of file.
 *
 * @throws {DataError} if the file is not of the kind, or damaged.
 */
export type DocumentReader = (
  content: Uint8Array<ArrayBuffer>,
  source: string,
) => DocumentText | Promise<DocumentText>;
