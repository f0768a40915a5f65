/** Bytes as text: UTF-8, or UTF-16 with its mark; nothing is guessed. */

import { DataError } from "../../base/mod.ts";

/**
 * The text of a file's bytes, without byte order mark.
 *
 * @throws {DataError} if the bytes are binary or of another encoding, with the first that tells.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x68, 0x69), "a.md"), "hi");
 * assertThrows(() => decodeText(Uint8Array.of(0x93, 0x68), "a.md"), Error, "byte 0x93 at 0");
 * ```
 */
export function decodeText(content: Uint8Array<ArrayBuffer>, source: string): string {
  const marked = content[0] === 0xff && content[1] === 0xfe
    ? "utf-16le"
    : content[0] === 0xfe && content[1] === 0xff
    ? "utf-16be"
    : undefined;
  const binary = marked === undefined ? content.indexOf(0) : -1;
  if (binary >= 0) {
    throw new DataError(`Cannot read ${source}: it is binary, byte 0 at ${binary}`, {
      next: "give a text file, or name it by its kind, as .pdf",
    });
  }
  try {
    return new TextDecoder(marked ?? "utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const found = marked === undefined ? firstWrong(content) : undefined;
    throw new DataError(
      `Cannot read ${source}: it is not ${marked ?? "utf-8"}` +
        (found === undefined ? "" : `, byte 0x${content[found].toString(16)} at ${found}`),
      { cause, next: "save the file as UTF-8" },
    );
  }
}

/** The place of the first byte that no UTF-8 text has there, found by halving. */
function firstWrong(content: Uint8Array<ArrayBuffer>): number {
  let [right, wrong] = [0, content.length + 1];
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (isUtf8(content.subarray(0, middle), true)) right = middle;
    else wrong = middle;
  }
  // A letter that was begun and does not go on is wrong from its first byte.
  while (right > 0 && !isUtf8(content.subarray(0, right), false)) right--;
  return right;
}

function isUtf8(content: Uint8Array<ArrayBuffer>, goesOn: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(content, { stream: goesOn });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Text as people see it: what is invisible or turns the direction of writing is gone, so that
 * nothing is hidden from a reader that a model would read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(visibleText("a\u200bb \t c\r\n\n\n\nd "), "ab c\n\nd");
 * ```
 */
export function visibleText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    // deno-lint-ignore no-control-regex -- these are what is taken out
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "")
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g, "")
    .replaceAll(/[\u{e0000}-\u{e007f}]/gu, "")
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
