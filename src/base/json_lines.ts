/** Files of JSON lines, to which processes append that may be killed while they do. */

import { ifPresent } from "./if_present.ts";

const NEWLINE = 10;

/** What a text says as JSON; undefined if it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The values of lines, without those that are torn or cut.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(jsonLines('{"n":1}\n{"n":\n{"n":3}\n'), [{ n: 1 }, { n: 3 }]);
 * ```
 */
export function jsonLines(text: string): unknown[] {
  return text.split("\n").map(parsedJson).filter((value) => value !== undefined);
}

/** The last bytes of a file as text; empty if there is no file. */
export async function endOfFile(path: string, bytes: number): Promise<string> {
  using file = await ifPresent(Deno.open(path));
  if (file === undefined) return "";
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - bytes), Deno.SeekMode.Start);
  return await new Response(file.readable).text();
}

/** Appends a line for each record, in one call and onto the disk; a torn line stays one of its own. */
export async function appendJsonLines(path: string, records: readonly object[]): Promise<void> {
  using file = await Deno.open(path, { read: true, append: true, create: true });
  const { size } = await file.stat();
  let torn = false;
  if (size > 0) {
    const last = new Uint8Array(1);
    await file.seek(size - 1, Deno.SeekMode.Start);
    await file.read(last);
    torn = last[0] !== NEWLINE;
  }
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  const bytes = new TextEncoder().encode(torn ? `\n${text}` : text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
