/** Settings that come as plain data: a name that is not known was meant to be another. */

import { UsageError } from "./errors.ts";
import { nearestName } from "./nearest_name.ts";

/**
 * Settings by name, those that are not given from `defaults`, which name all
 * there are: types cannot hold plain data to that.
 *
 * @throws {UsageError} naming a setting that does not exist.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const defaults = { rate: 0.1, rounds: 100 };
 * assertEquals(fillSettings("Boosting", defaults, { rounds: 5 }), { rate: 0.1, rounds: 5 });
 * ```
 */
export function fillSettings<Settings extends object>(
  owner: string,
  defaults: Settings,
  given: Partial<Settings>,
): Settings {
  checkKnownNames(owner, given, Object.keys(defaults));
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(defined) };
}

/**
 * Checks the names of settings, which types cannot do for plain data.
 *
 * @param owner What the settings are of, as `GradientBoosting`.
 * @param settings An object of settings.
 * @param known The names that it may have.
 * @throws {UsageError} naming the first setting that does not exist and the one
 * that it may have been meant to be.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { UsageError } from "./errors.ts";
 * assertThrows(
 *   () => checkKnownNames("RandomForest", { max_depth: 3 }, ["maxDepth", "criterion"]),
 *   UsageError,
 *   "Cannot set max_depth of RandomForest: there is no such setting",
 * );
 * ```
 */
export function checkKnownNames(
  owner: string,
  settings: object,
  known: readonly string[],
): void {
  checkSettings(owner, settings);
  const wrong = Object.keys(settings).find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new UsageError(`Cannot set ${wrong} of ${owner}: there is no such setting`, {
    next: known.length === 0 ? "leave it out: there are none" : suggestion(wrong, known),
  });
}

/**
 * Checks that settings that came as plain data are an object.
 *
 * @throws {UsageError} if they are anything else.
 */
export function checkSettings(owner: string, settings: unknown): void {
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return;
  throw new UsageError(`Cannot set up ${owner} with ${JSON.stringify(settings) ?? settings}`, {
    next: "give an object of settings by name",
  });
}

/**
 * Looks a name up among known ones, as a metric or a kind of learner.
 *
 * @param what What has the name, as `metric`.
 * @throws {UsageError} if it is not known, with the name that it may have been meant to be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(lookUp("unit", "km", { m: 1, km: 1000 }), 1000);
 * ```
 */
export function lookUp<Value>(
  what: string,
  name: unknown,
  known: Readonly<Record<string, Value>>,
): Value {
  if (typeof name === "string" && Object.hasOwn(known, name)) return known[name];
  throw new UsageError(`Cannot find the ${what} ${JSON.stringify(name) ?? String(name)}`, {
    next: suggestion(String(name), Object.keys(known)),
  });
}

function suggestion(wrong: string, known: readonly string[]): string {
  const near = nearestName(wrong, known);
  const all = known.join(", ");
  return near === undefined ? `give one of ${all}` : `did you mean "${near}"? Give one of ${all}`;
}
