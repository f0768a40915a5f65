/** Content digests: the names under which data, code and artifacts are known. */

import { nodeModule } from "./node_module.ts";

/** The SHA-256 digest of `content` as 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash().update(content).digest("hex");
}

/**
 * The same, worked out beside this thread: for the few digests of a start, which
 * {@link sha256} would first have to load its module for.
 */
export async function digestOf(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * The SHA-256 digest of a file as 64 hexadecimal digits, read in pieces so that
 * its size does not matter.
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function sha256File(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash();
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (let read = await file.read(buffer); read !== null; read = await file.read(buffer)) {
    signal?.throwIfAborted();
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}

function createHash() {
  return nodeModule("node:crypto").createHash("sha256");
}
