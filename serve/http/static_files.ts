/** Files that browsers keep: each read once, compressed once for each coding, known by its digest. */

import { createHash } from "node:crypto";
import type { Cache } from "./cache.ts";
import { acceptedCoding, pack } from "./codings.ts";

/** Seconds for which a browser asks no more. */
const FRESH_SECONDS = 86_400;

interface Kept {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string;
  readonly packed: Map<string, Promise<Uint8Array<ArrayBuffer>>>;
}

/** Answers with files. */
export class StaticFiles implements Cache {
  readonly name = "files of /docs";
  readonly #kept = new Map<string, Promise<Kept>>();

  /** Takes headers that every answer has. */
  constructor(private readonly headers: Readonly<Record<string, string>>) {}

  /**
   * Answers a request with a file.
   *
   * @param type Its media type; one of text is compressed.
   */
  async answer(request: Request, file: URL, type: string): Promise<Response> {
    const { bytes, tag, packed } = await this.#of(file);
    const isText = type.startsWith("text/");
    const headers: Record<string, string> = {
      ...this.headers,
      "Content-Type": type,
      "Cache-Control": `public, max-age=${FRESH_SECONDS}`,
      "ETag": tag,
      ...(isText && { "Vary": "Accept-Encoding" }),
    };
    if (request.headers.get("if-none-match")?.includes(tag)) {
      return new Response(null, { status: 304, headers });
    }
    const accepted = isText ? request.headers.get("accept-encoding") : null;
    const coding = accepted === null ? undefined : acceptedCoding(accepted);
    if (coding === undefined) return new Response(bytes, { headers });
    if (!packed.has(coding)) packed.set(coding, pack(coding, bytes));
    return new Response(await packed.get(coding)!, {
      headers: { ...headers, "Content-Encoding": coding },
    });
  }

  clear(): number {
    const { size } = this.#kept;
    this.#kept.clear();
    return size;
  }

  #of(file: URL): Promise<Kept> {
    const kept = this.#kept.get(file.href) ?? read(file);
    this.#kept.set(file.href, kept);
    kept.catch(() => this.#kept.delete(file.href)); // The next request tries again.
    return kept;
  }
}

async function read(file: URL): Promise<Kept> {
  const bytes = await Deno.readFile(file);
  const tag = `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { bytes, tag, packed: new Map() };
}
