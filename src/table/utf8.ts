/** Finds the byte at which content stops being UTF-8. */

/** The first byte that is not UTF-8. */
export interface InvalidByte {
  /** Offset from the start of the content, from 0. */
  readonly offset: number;
  /** Line that holds it, from 1. */
  readonly line: number;
}

/**
 * Looks for the first sequence of `bytes` that is not UTF-8, by bisection: called
 * only after a fast reader refused the content.
 *
 * @returns Undefined if all of it is UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const latin1 = Uint8Array.of(97, 10, 0xe9, 10);
 * assertEquals(findInvalidUtf8(latin1), { offset: 2, line: 2 });
 * ```
 */
export function findInvalidUtf8(bytes: Uint8Array): InvalidByte | undefined {
  if (isUtf8(bytes)) return undefined;
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    // An open prefix may end within a sequence that was sound so far.
    if (isUtf8(bytes.subarray(0, middle), { stream: true })) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good))) good--; // back to where that sequence starts
  let line = 1;
  for (let i = 0; i < good; i++) if (bytes[i] === 10) line++;
  return { offset: good, line };
}

function isUtf8(bytes: Uint8Array, options: TextDecodeOptions = {}): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, options);
    return true;
  } catch {
    return false;
  }
}
