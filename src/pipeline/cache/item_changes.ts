/** What of an item of a fan-out is different, part by part. */

/** A part of an item before and after, as JSON; undefined if there was none. */
export interface ItemChange {
  /** Where in the item, as `learner.depth`; empty for the item as a whole. */
  readonly name: string;
  /** What it was. */
  readonly from?: string;
  /** What it is. */
  readonly to?: string;
}

/** An item of more characters is not kept: its changes are too many to be told. */
const LONGEST = 1000;

/** An item as JSON, to be kept beside its output; undefined if it has no short one. */
export function itemText(value: unknown): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined || text.length > LONGEST ? undefined : text;
  } catch {
    return undefined; // it cannot be told, but that is no reason not to run it
  }
}

/** The parts in which two items differ; none if one is not known. */
export function itemChanges(from: string | undefined, to: string | undefined): ItemChange[] {
  if (from === undefined || to === undefined) return [];
  return changes("", JSON.parse(from), JSON.parse(to));
}

function changes(name: string, from: unknown, to: unknown): ItemChange[] {
  const [before, after] = [JSON.stringify(from), JSON.stringify(to)];
  if (before === after) return [];
  if (!isRecord(from) || !isRecord(to)) return [{ name, from: before, to: after }];
  const parts = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return parts.flatMap((part) =>
    changes(name === "" ? part : `${name}.${part}`, from[part], to[part])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
