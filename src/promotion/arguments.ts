/** Reading the command line of `deno task models`. */

import { type CommandOptions, readCommand, UsageError } from "../base/mod.ts";
import type { RegistryChoice } from "./places.ts";

/** What can be asked for. */
export const commands = [
  ...["list", "show", "compare", "promote", "rollback", "challenger", "archive", "prune"],
] as const;

const options = {
  program: "deno task models",
  commands,
  valued: {
    models: commands,
    tracking: commands,
    registry: commands,
    data: ["compare", "promote", "challenger", "rollback"],
    metric: ["compare", "promote", "challenger", "rollback"],
    tolerance: ["compare", "promote", "challenger"],
    threshold: ["promote", "challenger"],
    "threshold-class": ["promote", "challenger"],
    policy: ["promote", "rollback"],
    to: ["rollback"],
    why: ["promote", "rollback", "challenger", "archive", "prune"],
    by: ["promote", "rollback", "challenger", "archive", "prune"],
    keep: ["prune"],
    "older-than": ["prune"],
  },
  flags: {
    json: commands,
    force: ["promote", "rollback", "challenger"],
    "dry-run": ["promote", "rollback", "challenger", "prune"],
    remove: ["challenger"],
    undo: ["archive"],
  },
} as const satisfies CommandOptions<typeof commands[number], string, string>;

/** What was asked for. */
export interface ModelsRequest {
  readonly command: string;
  /** Names and versions after it. */
  readonly names: readonly string[];
  /** Models folder. */
  readonly models: string;
  /** Address of the server, "" if none is named. */
  readonly tracking: string;
  /** Which registries. */
  readonly choice?: RegistryChoice;
  /** File of held-out rows. */
  readonly data?: string;
  /** Metric to compare by. */
  readonly metric?: string;
  /** By how much it may be worse. */
  readonly tolerance: number;
  /** Threshold of the deployment. */
  readonly threshold?: number;
  /** Class whose probability it is for. */
  readonly thresholdClass?: string;
  /** Who chooses the next champion. */
  readonly policy: "newest" | "promoted";
  /** Where a rollback goes to. */
  readonly to?: string;
  /** The reason. */
  readonly why?: string;
  /** Who asks. */
  readonly by: string;
  /** Versions that stay. */
  readonly keep: number;
  /** Milliseconds after which a version is old. */
  readonly olderThan: number;
  /** Whether the answer is JSON. */
  readonly json: boolean;
  /** Whether a refusal of the checklist is overruled. */
  readonly force: boolean;
  /** Whether nothing is to happen. */
  readonly dryRun: boolean;
  /** Whether the alias is taken away. */
  readonly remove: boolean;
  /** Whether an archived version comes back. */
  readonly undo: boolean;
}

const units: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads the arguments; undefined if the help page is asked for.
 *
 * @param env Reads a variable of the environment.
 * @throws {UsageError} naming what is wrong, and what may have been meant.
 */
export function parseModelsArgs(
  args: readonly string[],
  env: (name: string) => string | undefined,
): ModelsRequest | undefined {
  const request = readCommand(args, options);
  if (request === undefined) return undefined;
  const { command, names, flag, value: parsed } = request;
  const { force } = flag;
  if (force && !parsed.why) {
    throw new UsageError("Cannot force it without a reason", {
      next: 'say why, as in --force --why "outage of the old model"; it is kept with the change',
    });
  }
  const { threshold, "threshold-class": thresholdClass } = parsed;
  if (thresholdClass !== undefined && threshold === undefined) {
    throw new UsageError("Cannot use --threshold-class without --threshold");
  }
  const pruned = command === "prune" && parsed.keep === undefined &&
    parsed["older-than"] === undefined;
  if (pruned) {
    throw new UsageError("Cannot prune: neither --keep nor --older-than says what may go", {
      next: "say how many stay, as in --keep 5, or from which age on, as in --older-than 30d",
    });
  }
  return {
    ...{ command, names, force },
    models: parsed.models ?? "models",
    tracking: (parsed.tracking ?? env("MLFLOW_TRACKING_URI") ?? "").trim(),
    ...parsed.registry !== undefined && { choice: choiceOf(parsed.registry) },
    ...parsed.data !== undefined && { data: parsed.data },
    ...parsed.metric !== undefined && { metric: parsed.metric },
    tolerance: numberOf("tolerance", parsed.tolerance ?? "0.02", 0, 1),
    ...threshold !== undefined && { threshold: numberOf("threshold", threshold, 0, 1) },
    ...thresholdClass !== undefined && { thresholdClass },
    policy: policyOf(parsed.policy ?? "promoted"),
    ...parsed.to !== undefined && { to: parsed.to },
    ...parsed.why !== undefined && { why: parsed.why },
    by: parsed.by ?? env("USER") ?? env("LOGNAME") ?? env("USERNAME") ?? "unknown",
    keep: wholeOf("keep", parsed.keep ?? "1"),
    olderThan: ageOf(parsed["older-than"] ?? "0d"),
    json: flag.json,
    dryRun: flag["dry-run"],
    remove: flag.remove,
    undo: flag.undo,
  };
}

function numberOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new UsageError(`Cannot use --${flag} ${text}: wanted a number from ${least} to ${most}`);
}

function wholeOf(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot use --${flag} ${text}: wanted a whole number, as 5`);
}

function ageOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  if (unit !== undefined) return Number(count) * units[unit];
  throw new UsageError(`Cannot use --older-than ${text}: wanted an age, as 12h, 30d or 8w`);
}

function choiceOf(text: string): RegistryChoice {
  if (text === "folder" || text === "mlflow" || text === "both") return text;
  throw new UsageError(`Cannot use --registry ${text}: wanted folder, mlflow or both`);
}

function policyOf(text: string): "newest" | "promoted" {
  if (text === "newest" || text === "promoted") return text;
  throw new UsageError(`Cannot use --policy ${text}: wanted promoted or newest`);
}
