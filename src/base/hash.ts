/** Content digests: the names under which data, code and artifacts are known. */

import { createHash } from "node:crypto";

/** The SHA-256 digest of `content` as 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * The SHA-256 digest of a file as 64 hexadecimal digits, read in pieces so that
 * its size does not matter.
 *
 * @throws {Deno.errors.NotFound} where there is no such file.
 */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (let read = await file.read(buffer); read !== null; read = await file.read(buffer)) {
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}
