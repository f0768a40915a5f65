/** Parameters from a file, with profiles in it. */

import { nearestName, UsageError } from "../base/mod.ts";

/** The key under which a file has its profiles. */
const PROFILES = "profiles";

/**
 * Reads parameters by name from YAML or JSON; `-` is the standard input. Those of a profile stand below `profiles` and its
 * name; they take the place of the file's own.
 *
 * @throws {UsageError} for a file that is not there or holds something else, or a profile that
 * it does not have.
 */
export async function readParamsFile(
  path: string,
  profile: string | undefined,
): Promise<Record<string, unknown>> {
  const wrong = (what: string, next: string, cause?: unknown) =>
    new UsageError(`Cannot read the parameters in ${path}: ${what}`, { next, cause });
  let text: string;
  try {
    text = path === "-"
      ? await new Response(Deno.stdin.readable).text()
      : await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw wrong("there is no such file", "give its path from the project's folder", cause);
  }
  let read: unknown;
  try {
    read = path.endsWith(".json")
      ? JSON.parse(text)
      : (await import("@std/yaml")).parse(text, { schema: "core" });
  } catch (cause) {
    throw wrong((cause as Error).message, "write YAML, or JSON into a file named .json", cause);
  }
  const { [PROFILES]: profiles = {}, ...own } = record(read ?? {}) ??
    fail(wrong("it holds no names with values", "write a line for each, as folds: 5"));
  if (profile === undefined) return own;
  const known = record(profiles) ?? {};
  const names = Object.keys(known);
  if (!Object.hasOwn(known, profile)) {
    const near = nearestName(profile, names);
    const there = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
    throw wrong(
      `it has no profile "${profile}", ${there}`,
      near === undefined ? `write it below ${PROFILES}:` : `did you mean "${near}"?`,
    );
  }
  return {
    ...own,
    ...record(known[profile] ?? {}) ??
      fail(wrong(`its profile "${profile}" holds no names with values`, "write them below it")),
  };
}

function record(value: unknown): Record<string, unknown> | undefined {
  const is = typeof value === "object" && value !== null && !Array.isArray(value);
  return is ? value as Record<string, unknown> : undefined;
}

function fail(error: Error): never {
  throw error;
}
