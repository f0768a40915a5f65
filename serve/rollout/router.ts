/** Who answers: the champion, or for a share of the keys its challenger. */

import type { Role, Router } from "../contract.ts";

/** How requests are shared out. */
export interface RouterOptions {
  /** Whether the challenger answers its share, or runs in the champion's shadow. */
  readonly mode: "live" | "shadow";
  /** The challenger's share of the keys, 0 to 1. */
  readonly share: number;
}

/**
 * Shares keys out by their hash alone: the same key has the same part in every
 * process and after every restart, and raising the share moves nobody back.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const router = hashRouter({ mode: "live", share: 0.1 });
 * assertEquals(router.choose("CUS_0xd40"), router.choose("CUS_0xd40"));
 * assertEquals(hashRouter({ mode: "shadow", share: 1 }).choose("CUS_0xd40"), "shadow");
 * ```
 */
export function hashRouter({ mode, share }: RouterOptions): Router {
  const part: Role = mode === "shadow" ? "shadow" : "challenger";
  return { choose: (key) => shareOf(key) < share ? part : "champion" };
}

/**
 * The place of a key in [0, 1): FNV-1a over its UTF-16 units, then the
 * finaliser of MurmurHash3, without which similar keys lie together.
 */
export function shareOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
