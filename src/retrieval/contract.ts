/** What is asked of retrieval, and what it finds. */

/** A passage found for a question. */
export type Passage = {
  /** Name of the passage: its document and number, the same as long as the document is. */
  readonly id: string;
  /** Path or address of the document. */
  readonly source: string;
  /** Title of the document. */
  readonly title: string;
  /** Where in the document: headings with lines, a page, a row. */
  readonly position: string;
  /** The text, at most some 200 words. */
  readonly text: string;
  /** How well it fits; higher is better, comparable within one search only. */
  readonly score: number;
};

/** Finds passages for questions. */
export type Retriever = {
  /**
   * The passages that fit best, best first.
   *
   * @throws {ServiceError} if the place of the passages cannot be read.
   */
  search(
    question: string,
    options?: { readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<Passage[]>;
};
