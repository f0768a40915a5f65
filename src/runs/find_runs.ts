/** Finding the runs that people name. */

import { nearestNames, UsageError } from "../base/mod.ts";
import type { FoundRun, RunReader } from "../tracking/mod.ts";

/** Letters of an id that are enough to name a run. */
const ENOUGH = 4;
/** Runs that are looked through. */
const MOST = 50_000;

/**
 * The runs that are named by their ids, the beginnings of them, or their names.
 *
 * @throws {UsageError} if none or several are meant, with those that may be.
 */
export async function findRuns(
  reader: RunReader,
  names: readonly string[],
  experiment?: string,
): Promise<readonly FoundRun[]> {
  const all = await reader.search({ max: MOST, ...experiment !== undefined && { experiment } });
  return names.map((wanted) => {
    const byId = all.filter(({ id }) =>
      id === wanted || wanted.length >= ENOUGH && id.startsWith(wanted)
    );
    const found = byId.length > 0 ? byId : all.filter(({ name }) => name === wanted);
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      const some = found.slice(0, 5).map(({ id, name }) => `${id.slice(0, 8)} (${name})`);
      throw new UsageError(`Cannot tell which run "${wanted}" is: ${found.length} are meant`, {
        next: `give an id: ${some.join(", ")}`,
      });
    }
    const near = nearestNames(wanted, [...new Set(all.map(({ name }) => name))]).slice(0, 3);
    throw new UsageError(`Cannot find the run "${wanted}" in ${reader.place}`, {
      next: all.length === 0
        ? "no run was tracked there yet"
        : near.length > 0
        ? `did you mean ${near.join(", ")}?`
        : "look at what there is: deno task runs list",
    });
  });
}
