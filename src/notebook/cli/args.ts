/** The command line of notebooks, read into a typed request. */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName, UsageError } from "../../base/mod.ts";
import type { InstallPlace } from "./kernel_spec.ts";

/** What the user asks for. */
export type NotebookRequest =
  | { readonly command: "help" }
  | { readonly command: "install" | "uninstall"; readonly place: InstallPlace }
  | {
    readonly command: "lab";
    readonly folder: string;
    /** What JupyterLab itself is told. */
    readonly flags: readonly string[];
  }
  | {
    readonly command: "run";
    readonly files: readonly string[];
    /** Values of parameters, as they were typed. */
    readonly params: Readonly<Record<string, string>>;
    /** Seconds that a cell may take. */
    readonly timeout?: number;
    /** Where to write instead of back. */
    readonly out?: string;
    /** Whether cells that did not change are left as they are. */
    readonly changed: boolean;
  }
  | { readonly command: "html"; readonly files: readonly string[]; readonly out?: string }
  | { readonly command: "check" | "strip"; readonly files: readonly string[] }
  | { readonly command: "new" | "from-pipeline"; readonly name: string }
  | { readonly command: "to-pipeline"; readonly file: string; readonly out?: string };

/** The options of each command. */
const commands: Readonly<Record<NotebookRequest["command"], readonly string[]>> = {
  help: [],
  install: ["user", "prefix", "sys-prefix"],
  uninstall: ["user", "prefix", "sys-prefix"],
  lab: [],
  run: ["param", "timeout", "out", "changed"],
  html: ["out"],
  check: [],
  strip: [],
  new: [],
  "to-pipeline": ["out"],
  "from-pipeline": [],
};

/**
 * Reads the arguments.
 *
 * @throws {UsageError} for a command or an option that does not exist, or a missing value.
 */
export function parseNotebookArgs(args: readonly string[]): NotebookRequest {
  const [name, ...rest] = args;
  if (name === undefined || args.some((arg) => arg === "--help" || arg === "-h")) {
    return { command: "help" };
  }
  if (!isCommand(name)) throw unknown("command", name, Object.keys(commands));
  const options = commands[name];
  const own = rest.indexOf("--");
  const flags = name === "lab" && own >= 0 ? rest.splice(own).slice(1) : [];
  const parsed = parseArgs(rest, {
    string: ["param", "timeout", "out", "prefix", "_"],
    boolean: ["user", "sys-prefix", "changed"],
    collect: ["param"],
    unknown: (option: string) => {
      if (!option.startsWith("-")) return true;
      throw unknown(`option of ${name}`, option, options.map((option) => `--${option}`));
    },
  });
  const given = (
    option: "param" | "timeout" | "out" | "prefix" | "user" | "sys-prefix" | "changed",
  ) => {
    const value = parsed[option];
    return typeof value === "boolean" ? value : (value?.length ?? 0) > 0;
  };
  const foreign = (["param", "timeout", "out", "prefix", "user", "sys-prefix", "changed"] as const)
    .find((option) => !options.includes(option) && given(option));
  if (foreign) throw unknown(`option of ${name}`, `--${foreign}`, options.map((o) => `--${o}`));
  const words = parsed._.map(String);
  const out = parsed.out === undefined ? {} : { out: nonEmpty("--out", parsed.out) };
  switch (name) {
    case "help":
      exactly(name, words, 0);
      return { command: name };
    case "install":
    case "uninstall": {
      exactly(name, words, 0);
      const places = (["user", "prefix", "sys-prefix"] as const).filter(given);
      if (places.length > 1) {
        throw new UsageError(`Cannot ${name} to ${places.map((one) => `--${one}`).join(" and ")}`, {
          next: "give one of them",
        });
      }
      return {
        command: name,
        place: {
          ...parsed.user && { user: true },
          ...parsed["sys-prefix"] && { sysPrefix: true },
          ...parsed.prefix !== undefined && { prefix: nonEmpty("--prefix", parsed.prefix) },
        },
      };
    }
    case "lab":
      return { command: name, folder: words[0] ?? "notebooks", flags };
    case "check":
    case "strip":
      return { command: name, files: some(name, words) };
    case "html":
      return { command: name, files: some(name, words, out), ...out };
    case "run":
      return {
        command: name,
        files: some(name, words, out),
        params: Object.fromEntries((parsed.param as string[]).map(assignment)),
        changed: parsed.changed,
        ...parsed.timeout !== undefined && { timeout: seconds(parsed.timeout) },
        ...out,
      };
    case "new":
    case "from-pipeline":
      return { command: name, name: exactly(name, words, 1)[0] };
    case "to-pipeline":
      return { command: name, file: exactly(name, words, 1)[0], ...out };
  }
}

function unknown(kind: string, found: string, known: readonly string[]): UsageError {
  const near = nearestName(found, known);
  return new UsageError(`Cannot understand the ${kind} ${found}`, {
    next: near ? `did you mean ${near}?` : "see what there is with --help",
  });
}

/** One file or more; only one where the result has a name. */
function some(
  command: string,
  words: readonly string[],
  { out }: { out?: string } = {},
): readonly string[] {
  if (words.length > 0 && (out === undefined || words.length === 1)) return words;
  throw new UsageError(
    words.length === 0
      ? `Cannot ${command} without a notebook`
      : `Cannot write ${words.length} notebooks to one --out`,
    { next: `give ${words.length === 0 ? "its path" : "one path"}` },
  );
}

function exactly(command: string, words: readonly string[], count: 0 | 1): readonly string[] {
  if (words.length === count) return words;
  throw new UsageError(`Cannot understand ${command} with ${words.length} words`, {
    next: count === 0 ? "it takes none" : "it takes one, a name or a path",
  });
}

/** The name and the value of `name=value`. */
function assignment(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(`Cannot read the parameter "${text}"`, {
      next: "write it --param name=value",
    });
  }
  return [name, value];
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 2e6) return value;
  throw new UsageError(`Cannot use --timeout ${text || "without a value"}`, {
    next: "give the seconds that a cell may take, above 0",
  });
}

function nonEmpty(option: string, text: string): string {
  if (text !== "") return text;
  throw new UsageError(`Cannot use ${option} without a value`, { next: "give a path" });
}

function isCommand(name: string): name is NotebookRequest["command"] {
  return Object.hasOwn(commands, name);
}
