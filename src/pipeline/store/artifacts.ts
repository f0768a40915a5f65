/** Outputs of steps in a store, under the digest of their content. */

import { sha256, writeFileAtomic } from "../../base/mod.ts";
import { type Contents, contentsOf, decode, encode } from "./codec.ts";
import type { ArtifactStore } from "./store.ts";

/** What an output is known by. */
export interface Artifact {
  /** SHA-256 of its document, which names its blobs by theirs. */
  readonly digest: string;
  /** Its size in bytes, all blobs together. */
  readonly bytes: number;
}

/** An output that is not there, or not what its digest says. */
export class ArtifactMissing extends Error {
  override name = "ArtifactMissing";
}

/** The key of the object with a digest. */
export function objectKey(digest: string): string {
  return `objects/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

/** Keeps outputs by content and gives them back, each byte checked. */
export class Artifacts {
  readonly #store: ArtifactStore;

  /** Takes the store. */
  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  /**
   * Keeps a value; the document last, so that what it names is there.
   *
   * @throws {UnkeepableError} for a value that has no bytes.
   */
  async put(value: unknown): Promise<Artifact> {
    const { document, blobs } = encode(value);
    let bytes = document.length;
    for (const [digest, blob] of blobs) {
      bytes += blob.length;
      await this.#store.write(objectKey(digest), blob);
    }
    const digest = sha256(document);
    await this.#store.write(objectKey(digest), document);
    return { digest, bytes };
  }

  /**
   * What an output consists of where it is whole: every object is there and is what its
   * digest says. Undefined where it is not.
   */
  async whole(digest: string): Promise<Contents | undefined> {
    const document = await this.#object(digest);
    if (document === undefined) return undefined;
    const contents = contentsOf(document);
    for (const blob of contents.blobs) {
      if (await this.#object(blob) === undefined) return undefined;
    }
    return contents;
  }

  /**
   * The value of an output.
   *
   * @throws {ArtifactMissing} where it is gone or damaged.
   */
  async get(digest: string): Promise<unknown> {
    const document = await this.#required(digest);
    const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const blob of contentsOf(document).blobs) blobs.set(blob, await this.#required(blob));
    return decode(document, blobs);
  }

  /** Puts back those saved files of an output that are gone or different; gives their paths. */
  async restoreFiles(files: Contents["files"]): Promise<string[]> {
    const restored: string[] = [];
    for (const { path, blob } of files) {
      const found = await readIfPresent(path);
      if (found !== undefined && sha256(found) === blob) continue;
      await writeFileAtomic(path, await this.#required(blob));
      restored.push(path);
    }
    return restored;
  }

  /** All objects that an output consists of. */
  async objectsOf(digest: string): Promise<string[]> {
    const document = await this.#object(digest);
    return document === undefined ? [digest] : [digest, ...contentsOf(document).blobs];
  }

  async #object(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await this.#store.read(objectKey(digest));
    return bytes !== undefined && sha256(bytes) === digest ? bytes : undefined;
  }

  async #required(digest: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#object(digest);
    if (bytes === undefined) throw new ArtifactMissing(`Cannot read artifact ${digest}`);
    return bytes;
  }
}

/**
 * The value of a kept output, as the step gave it.
 *
 * @param digest As the record of a run names it.
 * @throws {ArtifactMissing} where it is gone or damaged.
 */
export function readArtifact(store: ArtifactStore, digest: string): Promise<unknown> {
  return new Artifacts(store).get(digest);
}

async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
