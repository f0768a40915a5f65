/** Arguments of a command line, told apart by a table: words, flags, options with values. */

import { UsageError } from "./errors.ts";
import { nearestName } from "./nearest_name.ts";

/** The options that there are. */
export interface OptionNames<Flag extends string, Valued extends string> {
  /** Those that stand alone; all have `--help`. */
  readonly flags: readonly Flag[];
  /** Those that take a value, as often as they are given: the next argument, or what follows a `=`. */
  readonly valued: readonly Valued[];
  /** One-letter names of flags, beside `-h`. */
  readonly short?: Readonly<Record<string, Flag>>;
  /** What of them no suggestion names. */
  readonly hidden?: readonly Valued[];
  /** What to do where no name is near; "see the options with --help" by default. */
  readonly next?: string;
}

/** What was given. */
export interface GivenOptions<Flag extends string, Valued extends string> {
  /** Arguments that are no options, and all after `--`. */
  readonly words: readonly string[];
  /** Whether a flag was given. */
  readonly flag: Readonly<Record<Flag | "help", boolean>>;
  /** The values of an option in their order; empty text where one was left out. */
  readonly values: Readonly<Record<Valued, readonly string[]>>;
}

/**
 * Tells the arguments apart.
 *
 * @throws {UsageError} for an option that does not exist, with the one that may have been meant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { words, flag, values } = readOptions(["train", "-j", "--param", "a=1"], {
 *   flags: ["json"],
 *   valued: ["param"],
 *   short: { j: "json" },
 * });
 * assertEquals([words, flag.json, flag.help, values.param], [["train"], true, false, ["a=1"]]);
 * ```
 */
export function readOptions<Flag extends string, Valued extends string = never>(
  args: readonly string[],
  { flags, valued, short = {}, hidden = [], next }: OptionNames<Flag, Valued>,
): GivenOptions<Flag, Valued> {
  const names = [...flags, "help"] as const;
  const flag = Object.fromEntries(names.map((name) => [name, false])) as Record<string, boolean>;
  const values: Record<string, string[]> = Object.fromEntries(valued.map((name) => [name, []]));
  const letters: Readonly<Record<string, string>> = { h: "help", ...short };
  const refuse = (option: string): never => {
    const known: readonly string[] = [...names, ...valued];
    throw notUnderstood(
      "the option",
      option.replace(/=.*$/s, ""),
      known.filter((name) => !(hidden as readonly string[]).includes(name)).map((name) =>
        `--${name}`
      ),
      next ?? "see the options with --help",
    );
  };
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    } else if (name === undefined && /^-[^-]/.test(arg)) {
      for (const letter of arg.slice(1)) flag[letters[letter] ?? refuse(arg)] = true;
    } else if (name === undefined) words.push(arg);
    else if (Object.hasOwn(values, name)) {
      const follows = value === undefined && i + 1 < args.length && !args[i + 1].startsWith("-");
      values[name].push(follows ? args[++i] : value ?? "");
    } else if (!Object.hasOwn(flag, name)) refuse(arg);
    else flag[name] = value !== "false";
  }
  return { words, flag, values } as unknown as GivenOptions<Flag, Valued>;
}

/** The options of a program with commands, each with the commands that it is for. */
export interface CommandOptions<
  Command extends string,
  Flag extends string,
  Valued extends string,
> {
  /** The program, as `deno task runs`. */
  readonly program: string;
  /** Its commands. */
  readonly commands: readonly Command[];
  /** Options that stand alone. */
  readonly flags: Readonly<Record<Flag, readonly Command[]>>;
  /** Options that take one value; the last counts. */
  readonly valued: Readonly<Record<Valued, readonly Command[]>>;
  /** Those of them whose value may be empty. */
  readonly mayBeEmpty?: readonly NoInfer<Valued>[];
}

/** What a program was asked for. */
export interface GivenCommand<Command extends string, Flag extends string, Valued extends string> {
  /** The command. */
  readonly command: Command;
  /** What follows it. */
  readonly names: readonly string[];
  /** Whether a flag was given. */
  readonly flag: Readonly<Record<Flag, boolean>>;
  /** The value of an option that was given. */
  readonly value: Readonly<Partial<Record<Valued, string>>>;
}

/**
 * Reads a command and its options; undefined if the help page is asked for.
 *
 * @throws {UsageError} for a command or option that does not exist, an option of another command,
 * or one without its value.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * const names = {
 *   program: "deno task runs",
 *   commands: ["list", "best"],
 *   flags: { json: ["list", "best"] },
 *   valued: { max: ["list"] },
 * } as const;
 * const { command, value } = readCommand(["list", "--max", "5"], names)!;
 * assertEquals([command, value.max], ["list", "5"]);
 * assertThrows(() => readCommand(["best", "--max=5"], names), Error, "Cannot use --max with best");
 * ```
 */
export function readCommand<Command extends string, Flag extends string, Valued extends string>(
  args: readonly string[],
  { program, commands, flags, valued, mayBeEmpty = [] }: CommandOptions<Command, Flag, Valued>,
): GivenCommand<Command, Flag, Valued> | undefined {
  const { words: [given, ...names], flag, values } = readOptions(args, {
    flags: Object.keys(flags) as Flag[],
    valued: Object.keys(valued) as Valued[],
    next: `see the options with ${program} --help`,
  });
  if (flag.help || given === undefined || given === "help") return undefined;
  const command = commands.find((name) => name === given);
  if (command === undefined) {
    const next = `give one of ${commands.join(", ")}; ${program} --help tells more`;
    throw notUnderstood("the command", given, commands, next);
  }
  const value = Object.fromEntries(
    Object.entries<readonly string[]>(values).flatMap(([name, all]) =>
      all.length === 0 ? [] : [[name, all.at(-1)]]
    ),
  ) as Partial<Record<Valued, string>>;
  for (const [name, fits] of Object.entries<readonly Command[]>({ ...valued, ...flags })) {
    const isGiven = flag[name as Flag] || Object.hasOwn(value, name);
    if (isGiven && !fits.includes(command)) {
      throw new UsageError(`Cannot use --${name} with ${command}`, {
        next: `it is for ${fits.join(", ")}; see ${program} --help`,
      });
    }
    if (value[name as Valued] === "" && !mayBeEmpty.includes(name as Valued)) {
      throw new UsageError(`Cannot use --${name} without a value`);
    }
  }
  return { command, names, flag, value };
}

/**
 * The error for a word that means nothing.
 *
 * @param what What it should have been, as `the command`.
 * @param next What to do where none of the known ones is near.
 */
export function notUnderstood(
  what: string,
  given: string,
  known: readonly string[],
  next: string,
): UsageError {
  const near = nearestName(given, known);
  return new UsageError(`Cannot understand ${what} ${given}`, {
    next: near === undefined ? next : `did you mean ${near}?`,
  });
}
