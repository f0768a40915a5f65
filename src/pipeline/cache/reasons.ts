/** Why a step runs, in terms that a user can check. */

import type { Fingerprint } from "./fingerprint.ts";
import { type ItemChange, itemChanges } from "./item_changes.ts";

/** One reason for which a step runs. */
export type Reason =
  /** It was never run. */
  | { readonly type: "NEW" }
  /** Code that it reaches is different. */
  | {
    readonly type: "CODE";
    readonly file: string;
    readonly change: "changed" | "added" | "removed";
  }
  /** A parameter that it uses is different. */
  | { readonly type: "PARAMS"; readonly name: string; readonly from?: string; readonly to?: string }
  /** The item of the fan-out has another value. */
  | { readonly type: "ITEM"; readonly changes: readonly ItemChange[] }
  /** An input is different, or is not known yet because its step runs first. */
  | { readonly type: "INPUT"; readonly name: string; readonly change: "changed" | "runs first" }
  /** Another version of Deno or of a package. */
  | {
    readonly type: "ENVIRONMENT";
    readonly what: "Deno" | "platform" | "deno.json" | "deno.lock";
  }
  /** The kept output is gone or damaged. */
  | { readonly type: "OUTPUT MISSING" }
  /** A file from outside is not there and is made first. */
  | { readonly type: "FILE MISSING"; readonly path: string }
  /** The user asked for it. */
  | { readonly type: "FORCED" }
  /** It is not to be cached. */
  | { readonly type: "NOT CACHED" }
  /** Code that it reaches loads other code in a way that cannot be followed. */
  | { readonly type: "CODE UNKNOWN"; readonly what: string };

/**
 * What differs between what is wanted and what was kept; an input may not be known yet.
 *
 * @param items The items of a fan-out as JSON, what was kept first.
 */
export function differences(
  wanted: Omit<Fingerprint, "inputs"> & { inputs: Readonly<Record<string, string | undefined>> },
  kept: Fingerprint,
  items: readonly [from: string | undefined, to: string | undefined],
): Reason[] {
  const reasons: Reason[] = [];
  if (wanted.deno !== kept.deno || wanted.schema !== kept.schema) {
    reasons.push({ type: "ENVIRONMENT", what: "Deno" });
  }
  if (wanted.platform !== kept.platform) reasons.push({ type: "ENVIRONMENT", what: "platform" });
  if (wanted.config !== kept.config) reasons.push({ type: "ENVIRONMENT", what: "deno.json" });
  if (wanted.lock !== kept.lock) reasons.push({ type: "ENVIRONMENT", what: "deno.lock" });
  for (const file of keysOf(wanted.code, kept.code)) {
    if (wanted.code[file] === kept.code[file]) continue;
    const change = !(file in kept.code) ? "added" : !(file in wanted.code) ? "removed" : "changed";
    reasons.push({ type: "CODE", file, change });
  }
  for (const name of keysOf(wanted.params, kept.params)) {
    const [from, to] = [kept.params[name], wanted.params[name]];
    if (from !== to) reasons.push({ type: "PARAMS", name, from, to });
  }
  if (wanted.item !== kept.item) reasons.push({ type: "ITEM", changes: itemChanges(...items) });
  for (const name of keysOf(wanted.inputs, kept.inputs)) {
    const digest = wanted.inputs[name];
    if (name in wanted.inputs && digest === undefined) {
      reasons.push({ type: "INPUT", name, change: "runs first" });
    } else if (digest !== kept.inputs[name]) {
      reasons.push({ type: "INPUT", name, change: "changed" });
    }
  }
  return reasons;
}

/** Whether a reason may come to nothing once the input is known. */
export function isOpen(reason: Reason): boolean {
  return reason.type === "INPUT" && reason.change === "runs first";
}

/** A reason in one line. */
export function reasonText(reason: Reason): string {
  switch (reason.type) {
    case "CODE":
      return `CODE ${reason.file} ${reason.change}`;
    case "PARAMS":
      return `PARAMS ${reason.name} ${changeText(reason)}`;
    case "INPUT":
      return `INPUT ${reason.name} ${reason.change}`;
    case "ENVIRONMENT":
      return `ENVIRONMENT ${reason.what} changed`;
    case "CODE UNKNOWN":
      return `CODE UNKNOWN ${reason.what} cannot be followed`;
    case "FILE MISSING":
      return `FILE MISSING ${reason.path}`;
    case "ITEM": {
      const parts = reason.changes.map(({ name, from, to }) =>
        `${name} ${from ?? "(none)"} → ${to ?? "(none)"}`.trimStart()
      );
      return `ITEM ${parts.length === 0 ? "changed" : parts.join(", ")}`;
    }
    default:
      return reason.type;
  }
}

/** Values before and after if they are short enough to compare by eye. */
function changeText({ from = "(none)", to = "(none)" }: { from?: string; to?: string }): string {
  return from.length + to.length > LONGEST_CHANGE ? "changed" : `${from} → ${to}`;
}

const LONGEST_CHANGE = 200;

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}
