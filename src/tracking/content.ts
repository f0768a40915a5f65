/** Reading what is to be logged, bytes or a file, in one way. */

import { DataError } from "../base/mod.ts";
import type { Content } from "./contract.ts";

/** Runs `read` and names `path` in the error if the file cannot be read. */
async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`Cannot log ${path}: ${reason}`, { cause, next: "check the path" });
  }
}

/** Size in bytes. */
export async function contentSize(content: Content): Promise<number> {
  if (typeof content !== "string") return content.length;
  return (await reading(content, () => Deno.stat(content))).size;
}

/** The bytes, as a body for `fetch`; a file is streamed, not held in memory. */
export async function contentBody(content: Content): Promise<BodyInit> {
  if (typeof content !== "string") return content as Uint8Array<ArrayBuffer>;
  return (await reading(content, () => Deno.open(content))).readable;
}

/** Fails if the content cannot be read, before anything is written. */
export async function checkReadable(content: Content): Promise<void> {
  if (typeof content !== "string") return;
  (await reading(content, () => Deno.open(content))).close();
}
