/** "Did you mean …" for names that were not found. */

/**
 * Those of `names` that `wanted` may have been meant to be, nearest first: at
 * most a third of the letters of the longer one differ (one letter always may).
 * Case does not count, two letters that changed places count once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(nearestNames("Ages", ["Wages", "Name", "age"]), ["Wages", "age"]);
 * ```
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => {
      const longer = Math.max(wanted.length, name.length);
      return distance <= Math.max(1, Math.floor(longer / 3)) && distance < name.length;
    })
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}

/**
 * The first of {@linkcode nearestNames}, undefined if none is near.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(nearestName("prot", ["model", "port"]), "port");
 * assertEquals(nearestName("Age", ["Occupation"]), undefined);
 * ```
 */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  return nearestNames(wanted, names)[0];
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
