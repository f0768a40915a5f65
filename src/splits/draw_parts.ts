/** Draws a share of the rows of each part, as of each class. */

import type { Random } from "../base/mod.ts";

/** The drawn rows, rising: of each part its share, and of a part of two or more at least one. */
export function drawParts(parts: Int32Array, share: number, random: Random): Int32Array {
  const byPart = Map.groupBy(parts.keys(), (row) => parts[row]);
  const drawn: number[] = [];
  for (const part of [...byPart.keys()].sort((a, b) => a - b)) {
    const rows = random.shuffle(Int32Array.from(byPart.get(part)!));
    const count = Math.max(Math.round(share * rows.length), 1);
    drawn.push(...rows.subarray(0, Math.min(count, rows.length - 1)));
  }
  return Int32Array.from(drawn).sort();
}

/** The rows of whole groups, rising, until they are about a share of all. */
export function drawGroups(groups: Int32Array, share: number, random: Random): Int32Array {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = random.shuffle(Int32Array.from(sizes.keys()));
  const wanted = share * groups.length;
  const chosen = new Set<number>();
  let rows = 0;
  for (const group of order.subarray(0, order.length - 1)) {
    const size = sizes.get(group)!;
    if (chosen.size > 0 && rows + size / 2 > wanted) break;
    chosen.add(group);
    rows += size;
  }
  return Int32Array.from(groups.keys()).filter((row) => chosen.has(groups[row]));
}
