/** Command lines are read by one table of options, and what is wrong in them is named. */

import { assertEquals, assertThrows } from "@std/assert";
import { readCommand, readOptions, UsageError } from "../../src/base/mod.ts";

const names = { flags: ["json", "keep-going"], valued: ["param", "jobs", "secret"] } as const;

Deno.test("options: words, flags and values in every spelling, in their order", () => {
  const read = (...args: string[]) => readOptions(args, { ...names, short: { j: "json" } });
  const { words, flag, values } = read(
    "a",
    "--param",
    "x=1",
    "-jh",
    "--param=y=--z",
    "b",
    "--jobs",
  );
  assertEquals(words, ["a", "b"]);
  assertEquals(flag, { json: true, help: true, "keep-going": false });
  assertEquals(values, { param: ["x=1", "y=--z"], jobs: [""], secret: [] });
  assertEquals(read("--json=false").flag.json, false);
  assertEquals(read("--jobs", "--json").values.jobs, [""]);
  assertEquals(read("--", "--json", "-x").words, ["--json", "-x"]);
  assertEquals(read("-", "--param", "-").words, ["-", "-"]);
  assertEquals(read("--param", "a\nb=c").values.param, ["a\nb=c"]);
});

Deno.test("options: one that does not exist is refused with the one that was meant", () => {
  const refused = (...args: string[]) => {
    const { message, next } = assertThrows(
      () => readOptions(args, { ...names, hidden: ["secret"], next: "see --help" }),
      UsageError,
    );
    return [message, next];
  };
  assertEquals(refused("--jsno"), [
    "Cannot understand the option --jsno",
    "did you mean --json?",
  ]);
  assertEquals(refused("--prm=1"), ["Cannot understand the option --prm", "did you mean --param?"]);
  assertEquals(refused("-q"), ["Cannot understand the option -q", "see --help"]);
  assertEquals(refused("--secre"), ["Cannot understand the option --secre", "see --help"]);
  for (const name of ["toString", "__proto__", "constructor"]) {
    assertEquals(refused(`--${name}`)[0], `Cannot understand the option --${name}`);
  }
});

const program = {
  program: "deno task runs",
  commands: ["list", "best"],
  flags: { json: ["list", "best"], higher: ["best"] },
  valued: { max: ["list"], tracking: ["list", "best"] },
  mayBeEmpty: ["tracking"],
} as const;

Deno.test("options: a command takes its own options only, each with a value", () => {
  const read = (...args: string[]) => readCommand(args, program);
  assertEquals(read("list", "a", "--max", "5", "--max=6", "--tracking=", "b"), {
    command: "list",
    names: ["a", "b"],
    flag: { json: false, help: false, higher: false } as never,
    value: { max: "6", tracking: "" },
  });
  for (const args of [[], ["help"], ["lsit", "-h"], ["list", "--help"]]) {
    assertEquals(read(...args), undefined);
  }
  const wrong: [args: string[], message: string, next?: string][] = [
    [["lsit"], "Cannot understand the command lsit", "did you mean list?"],
    [
      ["quux"],
      "Cannot understand the command quux",
      "give one of list, best; deno task runs --help tells more",
    ],
    [
      ["best", "--max", "5"],
      "Cannot use --max with best",
      "it is for list; see deno task runs --help",
    ],
    [
      ["list", "--higher"],
      "Cannot use --higher with list",
      "it is for best; see deno task runs --help",
    ],
    [["list", "--max"], "Cannot use --max without a value"],
  ];
  for (const [args, message, next] of wrong) {
    const error = assertThrows(() => read(...args), UsageError, message);
    assertEquals([error.message, error.next], [message, next]);
  }
});
