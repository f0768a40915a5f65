/** Arguments of a command line, told apart: words, flags, options with values. */

/** The names of the options that there are. */
export interface OptionNames<Flag extends string, Valued extends string> {
  /** Those that stand alone. */
  readonly flags: readonly Flag[];
  /** Those that take a value: the next argument, or what follows a `=`. */
  readonly valued: readonly Valued[];
  /** One-letter names of flags. */
  readonly short: Readonly<Record<string, Flag>>;
}

/** What was given. */
export interface GivenOptions<Flag extends string, Valued extends string> {
  /** Arguments that are no options, and all after `--`. */
  readonly words: readonly string[];
  /** Whether a flag was given. */
  readonly flag: Readonly<Record<Flag, boolean>>;
  /** The values of an option in their order; empty text where one was left out. */
  readonly values: Readonly<Record<Valued, readonly string[]>>;
}

/**
 * Tells the arguments apart.
 *
 * @param refuse Hears of an option that does not exist, as it was written; throws.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const names = { flags: ["json"], valued: ["param"], short: { j: "json" } } as const;
 * const { words, flag, values } = readOptions(["train", "-j", "--param", "a=1"], names, (option) => {
 *   throw new Error(option);
 * });
 * assertEquals([words, flag.json, values.param], [["train"], true, ["a=1"]]);
 * ```
 */
export function readOptions<Flag extends string, Valued extends string>(
  args: readonly string[],
  { flags, valued, short }: OptionNames<Flag, Valued>,
  refuse: (option: string) => never,
): GivenOptions<Flag, Valued> {
  const flag = Object.fromEntries(flags.map((name) => [name, false])) as Record<Flag, boolean>;
  const values = Object.fromEntries(valued.map((name) => [name, [] as string[]])) as Record<
    Valued,
    string[]
  >;
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === "--") {
      words.push(...args.slice(i + 1));
      break;
    } else if (name === undefined && /^-[^-]/.test(arg)) {
      for (const letter of arg.slice(1)) flag[short[letter] ?? refuse(arg)] = true;
    } else if (name === undefined) words.push(arg);
    else if (Object.hasOwn(values, name)) {
      const follows = value === undefined && i + 1 < args.length && !args[i + 1].startsWith("-");
      values[name as Valued].push(follows ? args[++i] : value ?? "");
    } else if (!Object.hasOwn(flag, name)) refuse(arg);
    else flag[name as Flag] = value !== "false";
  }
  return { words, flag, values };
}
