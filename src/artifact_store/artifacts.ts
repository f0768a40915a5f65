/** Outputs of steps in a store, under the digest of their content. */

import { digestOf, ifPresent, sha256, UserError, writeFileAtomic } from "../base/mod.ts";
import { type Contents, contentsOf, decode, encode } from "./codec.ts";
import { Remembered } from "./validated_cache.ts";
import type { ArtifactStore } from "./store.ts";

/** What an output is known by. */
export interface Artifact {
  /** SHA-256 of its document, which names its blobs by theirs. */
  readonly digest: string;
  /** Its size in bytes, all blobs together. */
  readonly bytes: number;
}

/** An output that is not there, or not what its digest says. */
export class ArtifactMissing extends UserError {
  /** Name of the class. */
  override name = "ArtifactMissing";

  /** Takes the digest that nothing has. */
  constructor(digest: string) {
    super(`Cannot read the kept output ${digest}: it is gone or damaged`, {
      next: "run again: it is made anew",
    });
  }
}

/** Outputs that are looked at beside each other; each may be held whole meanwhile. */
const LANES = 8;

/** The key of the object with a digest. */
export function objectKey(digest: string): string {
  return `objects/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

/** Keeps outputs by content and gives them back, each byte checked. */
export class Artifacts {
  readonly #store: ArtifactStore;
  /** Outputs to be looked at, and those whose look is under way or has not been asked for yet. */
  #expect: (() => Iterable<string>) | undefined;
  readonly #expected = new Set<string>();
  readonly #begun = new Map<string, Promise<Contents | undefined>>();
  readonly #remembered: Remembered;

  /** Takes the store, and what is remembered of it. */
  constructor(store: ArtifactStore, remembered: Remembered = new Remembered(store)) {
    this.#store = store;
    this.#remembered = remembered;
  }

  /**
   * Keeps a value; the document last, so that what it names is there.
   *
   * @throws {UnkeepableError} for a value that has no bytes.
   */
  async put(value: unknown): Promise<Artifact & Pick<Contents, "files">> {
    const { document, blobs } = encode(value);
    let bytes = document.length;
    for (const [digest, blob] of blobs) {
      bytes += blob.length;
      await this.#store.write(objectKey(digest), blob);
    }
    const digest = sha256(document);
    await this.#store.write(objectKey(digest), document);
    return { digest, bytes, files: contentsOf(document).files };
  }

  /**
   * Takes the outputs that {@link whole} is likely to be asked for. Once one of them has
   * to be read, all are, beside each other.
   */
  expect(digests: () => Iterable<string>): void {
    this.#expect = digests;
  }

  /**
   * What an output consists of where it is whole: every object is there and is what its
   * digest says. Undefined if it is not.
   */
  async whole(digest: string): Promise<Contents | undefined> {
    const known = this.#remembered.get(objectKey(digest)) as Contents | undefined;
    if (known !== undefined) return known;
    const begun = this.#begun.get(digest) ?? this.#look(digest);
    this.#begun.delete(digest); // for one answer: later it may be gone
    this.#lookAhead(digest);
    return await begun;
  }

  #lookAhead(begun: string): void {
    for (const digest of this.#expect?.() ?? []) {
      if (!this.#remembered.has(objectKey(digest))) this.#expected.add(digest);
    }
    this.#expect = undefined;
    this.#expected.delete(begun);
    const lane = async () => {
      for (const digest of this.#expected) {
        this.#expected.delete(digest);
        const begun = this.#look(digest);
        this.#begun.set(digest, begun);
        await begun.catch(() => {}); // whoever asks for it hears of it
      }
    };
    const lanes = Math.min(LANES, this.#expected.size);
    for (let started = 0; started < lanes; started++) void lane();
  }

  async #look(digest: string): Promise<Contents | undefined> {
    return await this.#remembered.find(objectKey(digest), async (read) => {
      const document = await checked(digest, read);
      if (document === undefined) return undefined;
      const contents = contentsOf(document);
      for (const blob of contents.blobs) {
        if (await checked(blob, read) === undefined) return undefined;
      }
      return contents;
    });
  }

  /**
   * The value of an output.
   *
   * @throws {ArtifactMissing} if it is gone or damaged.
   */
  async get(digest: string): Promise<unknown> {
    try {
      const document = await this.#required(digest);
      const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
      for (const blob of contentsOf(document).blobs) blobs.set(blob, await this.#required(blob));
      return decode(document, blobs);
    } catch (error) {
      this.#remembered.forget(objectKey(digest)); // so that the next run makes it again
      throw error;
    }
  }

  /**
   * Puts back those saved files of an output that are gone or, unless shared, different.
   *
   * @throws {ArtifactMissing} if the output is gone or damaged.
   * @throws {UserError} if a file cannot be written.
   */
  async restoreFiles(digest: string, files: Contents["files"]): Promise<void> {
    for (const { path, blob, shared } of files) {
      try {
        const found = await ifPresent(Deno.readFile(path));
        if (found !== undefined && (shared || await digestOf(found) === blob)) continue;
        await writeFileAtomic(path, await this.#required(blob));
      } catch (cause) {
        if (!(cause instanceof ArtifactMissing)) {
          throw new UserError(`Cannot put back ${path}: ${(cause as Error).message}`, {
            cause,
            next: "make room for the file, or run the step with --force",
          });
        }
        this.#remembered.forget(objectKey(digest)); // so that the next run makes it again
        throw cause;
      }
    }
  }

  /** All objects that an output consists of. */
  async objectsOf(digest: string): Promise<string[]> {
    const document = await checked(digest, (key) => this.#store.read(key));
    if (document === undefined) return [digest];
    return [digest, ...contentsOf(document).blobs];
  }

  async #required(digest: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await checked(digest, (key) => this.#store.read(key));
    if (bytes === undefined) throw new ArtifactMissing(digest);
    return bytes;
  }
}

/** The object with a digest; undefined if it is gone or damaged. */
async function checked(
  digest: string,
  read: ArtifactStore["read"],
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await read(objectKey(digest));
  return bytes !== undefined && await digestOf(bytes) === digest ? bytes : undefined;
}

/**
 * The value of a kept output, as the step gave it.
 *
 * @param digest As the record of a run names it.
 * @throws {ArtifactMissing} if it is gone or damaged.
 */
export function readArtifact(store: ArtifactStore, digest: string): Promise<unknown> {
  return new Artifacts(store).get(digest);
}
