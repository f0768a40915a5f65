/** The command line, read into a typed request. */

import { readOptions, UsageError } from "../base/mod.ts";
import { type CacheMode, cacheModes } from "../artifact_store/mod.ts";
import type { StartData } from "./new_pipeline.ts";
import type { Picks } from "../pipeline/mod.ts";
import type { SortOrder } from "./view/sweep_text.ts";

/** How a run is told. */
export interface OutputFormat {
  /** One JSON event per line. */
  readonly json: boolean;
  /** Only results, warnings and errors. */
  readonly quiet: boolean;
  /** Stack traces of errors. */
  readonly trace: boolean;
}

/** What the user asks of the runs that were. */
export type HistoryCommand =
  | { readonly name: "runs"; readonly pipeline?: string }
  | { readonly name: "show"; readonly run: string; readonly html: boolean }
  | { readonly name: "diff"; readonly from: string; readonly to: string }
  | { readonly name: "gc"; readonly keep: number; readonly sharedOlderThan?: number }
  | { readonly name: "pin" | "unpin"; readonly run: string };

/** What the user asks for. */
export type PipelineRequest =
  | { readonly type: "help" }
  | { readonly type: "list" }
  | {
    readonly type: "new";
    readonly pipeline: string;
    readonly from?: StartData;
  }
  | ({
    readonly type: "schedule";
    readonly pipelines: readonly string[];
    /** Run what is due and end. */
    readonly once: boolean;
    /** Only show the next times. */
    readonly list: boolean;
    readonly jobs?: number;
  } & OutputFormat)
  | ({ readonly type: "history"; readonly command: HistoryCommand } & OutputFormat)
  | ({
    readonly type: "run";
    readonly pipeline: string;
    readonly params: Readonly<Record<string, string>>;
    /** Where further parameters are read from. */
    readonly paramsFile?: { readonly path: string; readonly profile?: string };
    /** The run whose pipeline and parameters are taken. */
    readonly rerun?: string;
    /** What these were. */
    readonly earlier?: Readonly<Record<string, unknown>>;
    /** The orchestrated run that the run carries out a part of. */
    readonly partOf?: string;
    /** How a shared store is used. */
    readonly cache?: CacheMode;
    /** Goes on after a failure with what does not depend on it. */
    readonly keepGoing: boolean;
    /** The values of parameters that vary, as `a,b`; empty for a single run. */
    readonly sweep: readonly (readonly [name: string, values: string])[];
    /** By what the combinations of a sweep are compared. */
    readonly sort?: SortOrder;
    readonly jobs?: number;
    readonly picks: Picks;
    /** What to do with the pipeline: run it, or show what a run would do. */
    readonly show?: "plan" | "graph" | "graph-html";
    /** Run it again after each edit of what it depends on. */
    readonly watch: boolean;
    /** Where a watched run reports the files that the pipeline names. */
    readonly watchRound?: string;
    /** Show the pipeline's own help. */
    readonly help: boolean;
  } & OutputFormat);

const flags = [
  "list",
  "json",
  "quiet",
  "trace",
  "plan",
  "watch",
  "once",
  "html",
  "keep-going",
  "shared",
] as const;
const valued = [
  "param",
  "params",
  "profile",
  "sweep",
  "sort",
  "jobs",
  "cache",
  "from",
  "only",
  "run",
  "force",
  "graph",
  "keep",
  "older-than",
  "new",
  "target",
  "watch-round",
] as const;

/** All but those that may stand alone. */
const takesValue: ReadonlySet<string | undefined> = new Set(
  valued.filter((name) => name !== "force" && name !== "graph"),
);

/** Runs that `gc` keeps of each pipeline. */
const KEPT_RUNS = 5;

/**
 * Reads the arguments.
 *
 * @throws {UsageError} for an option that does not exist or has no sensible value.
 */
export function parsePipelineArgs(args: readonly string[]): PipelineRequest {
  const { words, flag, values } = readOptions(withOptionalValues(args), {
    ...{ flags, valued, short: { q: "quiet" }, hidden: ["watch-round"] },
  });
  const last = (name: (typeof valued)[number]) => values[name].at(-1);
  const [created, cores, from, part, sort, file, profile] =
    (["new", "jobs", "from", "run", "sort", "params", "profile"] as const).map(last);
  const { only } = values;
  const rerun = words[0] === "runs" && words[1] === "rerun" ? words[2] ?? "latest" : undefined;
  const [name, ...more] = rerun === undefined ? words : [rerun, ...words.slice(3)];
  if (created !== undefined) {
    const target = last("target");
    if (name === undefined && !flag.help && (from !== undefined || target === undefined)) {
      if (from === undefined) return { type: "new", pipeline: created };
      if (from === "") {
        throw new UsageError("Cannot use --from without a file", {
          next: "give a CSV or Parquet file: --from data.csv --target COLUMN",
        });
      }
      return { type: "new", pipeline: created, from: { data: from, ...target && { target } } };
    }
    throw new UsageError("Cannot start a pipeline and do something else", {
      next: "write only: deno task pipeline --new NAME [--from FILE --target COLUMN]",
    });
  }
  if (values.target.length > 0) {
    throw new UsageError("Cannot use --target without a pipeline to start", {
      next: "write: deno task pipeline --new NAME --from FILE --target COLUMN",
    });
  }
  const { json, quiet, trace, help } = flag;
  const jobs = cores === undefined ? {} : { jobs: wholeNumber("--jobs", cores) };
  if (name === "schedule") {
    if (help) return { type: "help" };
    const { once, list } = flag;
    return { type: "schedule", pipelines: more, once, list, ...jobs, json, quiet, trace };
  }
  const older = last("older-than");
  const command = rerun === undefined && historyCommand(name, more, last("keep"), flag.html);
  if (flag.shared || older !== undefined) {
    if (command && command.name === "gc" && flag.shared) {
      const shared = { ...command, sharedOlderThan: daysOf(older ?? "7d") };
      return { type: "history", command: shared, json, quiet, trace };
    }
    throw new UsageError("Cannot use --shared or --older-than without a clean-up of both", {
      next: "write: deno task pipeline gc --shared --older-than 7d",
    });
  }
  if (command) return { type: "history", command, json, quiet, trace };
  if (flag.html) {
    throw new UsageError("Cannot write a page of that", {
      next: "run it, then: deno task pipeline show --html, or draw it with --graph html",
    });
  }
  if (more.length > 0) {
    throw new UsageError(
      `Cannot run more than one pipeline at once (found ${[name, ...more].join(", ")})`,
      {
        next: "parameters are written --param name=value",
      },
    );
  }
  if (flag.list) return { type: "list" };
  if (name === undefined) {
    if (flag.help) return { type: "help" };
    throw new UsageError("Cannot tell which pipeline to run", {
      next: "give its name, see them with --list, or read --help",
    });
  }
  const force = values.force.includes("") ? true as const : values.force;
  const [round, report] = last("watch-round")?.split(/:(.*)/s) ?? ["1"];
  const first = round === "1"; // what is asked for in any case is done once, not after each edit
  const picks: Picks = {
    ...first && from !== undefined && { from },
    ...only.length > 0 && { only },
    ...first && values.force.length > 0 && { force },
  };
  if (file === undefined && profile !== undefined) {
    throw new UsageError(`Cannot tell where the profile "${profile}" is`, {
      next: "give its file with --params FILE",
    });
  }
  if (flag.watch && rerun !== undefined) {
    throw new UsageError("Cannot watch a run that was", { next: "leave out --watch" });
  }
  if (flag.watch && values.sweep.length > 0) {
    throw new UsageError("Cannot watch a sweep", { next: "leave out --watch or --sweep" });
  }
  if (part !== undefined && only.length === 0) {
    throw new UsageError("Cannot tell which part of the run to carry out", {
      next: "name the step too: --only STEP --run ID",
    });
  }
  const show = flag.plan ? "plan" : graphFormat(last("graph"));
  return {
    type: "run",
    pipeline: name,
    params: Object.fromEntries(assignments("--param", values.param)),
    ...file !== undefined &&
      { paramsFile: { path: file, ...profile !== undefined && { profile } } },
    ...rerun !== undefined && { rerun },
    // An orchestrator's names may have signs that those of files do not.
    ...part && { partOf: part.replaceAll(/[^\w.@%=-]/g, "_") },
    ...values.cache.length > 0 && { cache: cacheMode(last("cache")!) },
    keepGoing: flag["keep-going"],
    sweep: assignments("--sweep", values.sweep),
    ...sort !== undefined && { sort: sortOrder(sort, values.sweep.length > 0) },
    ...jobs,
    picks,
    ...show && { show },
    watch: flag.watch,
    ...report !== undefined && { watchRound: report },
    help,
    json,
    quiet,
    trace,
  };
}

/**
 * `--force` and `--graph` may stand alone. After the pipeline's name, a word that
 * follows them is their value.
 */
function withOptionalValues(args: readonly string[]): string[] {
  const given: string[] = [];
  let named = false;
  for (let i = 0; i < args.length; i++) {
    const next = args[i + 1];
    if (args[i] !== "--force" && args[i] !== "--graph") {
      const value = takesValue.has(args[i - 1]?.slice(2));
      named ||= !args[i].startsWith("-") && !value;
      given.push(args[i]);
    } else if (named && next !== undefined && !next.startsWith("-")) {
      given.push(`${args[i]}=${next}`);
      i++;
    } else given.push(`${args[i]}=`);
  }
  return given;
}

function graphFormat(text: string | undefined): "graph" | "graph-html" | undefined {
  if (text === undefined) return undefined;
  if (text === "" || text === "mermaid") return "graph";
  if (text === "html") return "graph-html";
  throw new UsageError(`Cannot draw the graph as ${text}`, { next: "use --graph or --graph html" });
}

/** Days of `7d`. */
function daysOf(text: string): number {
  const days = Number(/^(\d+)d$/.exec(text)?.[1]);
  if (days >= 1) return days;
  throw new UsageError(`Cannot use --older-than ${text}`, { next: "write days, as 7d" });
}

function cacheMode(text: string): CacheMode {
  const mode = cacheModes.find((mode) => mode === text);
  if (mode !== undefined) return mode;
  throw new UsageError(`Cannot use --cache ${text === "" ? "without a value" : text}`, {
    next: `write one of ${cacheModes.join(", ")}`,
  });
}

const verbs = new Set<string | undefined>(["show", "diff", "gc", "pin", "unpin"]);

function historyCommand(
  name: string | undefined,
  more: readonly string[],
  keep: string | undefined,
  html: boolean,
): HistoryCommand | undefined {
  // `runs show RUN` and `show RUN` are the same.
  if (name === "runs" && verbs.has(more[0])) {
    return historyCommand(more[0], more.slice(1), keep, html);
  }
  if ((name === "pin" || name === "unpin") && more.length === 1) return { name, run: more[0] };
  if (name === "runs" && more.length <= 1) return { name, ...more[0] && { pipeline: more[0] } };
  if (name === "show" && more.length <= 1) return { name, run: more[0] ?? "latest", html };
  if (name === "diff" && more.length === 2) return { name, from: more[0], to: more[1] };
  if (name === "gc" && more.length === 0) {
    return { name, keep: keep === undefined ? KEPT_RUNS : wholeNumber("--keep", keep) };
  }
  if (name === "diff") {
    throw new UsageError("Cannot compare: diff takes two runs", {
      next: "see their names with: deno task pipeline runs",
    });
  }
}

function assignments(option: "--param" | "--sweep", texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw new UsageError(`Cannot read the parameter "${text}"`, {
        next: `write it ${option} name=${option === "--param" ? "value" : "a,b"}`,
      });
    }
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
}

function sortOrder(text: string, sweeps: boolean): SortOrder {
  const [metric, direction, ...more] = text.split(":");
  if (!sweeps || metric === "" || more.length > 0 || ![undefined, "asc"].includes(direction)) {
    throw new UsageError(`Cannot sort by "${text}"`, {
      next: sweeps ? "write --sort metric, or --sort metric:asc" : "--sort goes with --sweep",
    });
  }
  return { metric, ascending: direction === "asc" };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number) || number < 1) {
    throw new UsageError(`Cannot use ${option} ${text === "" ? "without a value" : text}`, {
      next: "give a whole number, 1 or more",
    });
  }
  return number;
}
