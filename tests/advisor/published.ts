/** The committed documents as published knowledge, found by words alone. */

import { join } from "@std/path";
import { fromFileUrl } from "../../src/base/mod.ts";
import {
  chunkDocument,
  corpusDigest,
  documentDigest,
  publishKnowledge,
  readDocuments,
  usualWords,
  writeIndex,
} from "../../src/retrieval/mod.ts";

/** The project's folder. */
export const root = fromFileUrl(new URL("../..", import.meta.url));

/** Publishes them in a folder, as a version of that name. */
export async function publishCommitted(folder: string, version = "v1"): Promise<void> {
  const { documents } = await readDocuments(join(root, "data/knowledge"));
  const chunks = documents.map((document) => chunkDocument(document));
  const index = join(folder, `built_${version}.sqlite`);
  const index_digest = await writeIndex(
    index,
    undefined,
    documents.map((document, at) => ({
      ...{ source: document.source, title: document.title, chunks: chunks[at] },
      digest: documentDigest(document, usualWords),
    })),
  );
  await publishKnowledge(folder, index, {
    ...{ schema: 1, version, created_at: "2026-01-01T00:00:00.000Z", index: `${version}.sqlite` },
    ...{ index_digest, corpus_digest: corpusDigest(documents), prompt_version: null },
    ...{ encoder: null, documents: documents.length, chunks: chunks.flat().length, metrics: {} },
    ...{ evaluation_digest: "none", run_id: null },
  });
}
