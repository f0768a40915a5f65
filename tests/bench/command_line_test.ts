/** The arguments of `deno task bench`. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { helpText, parseBenchArgs } from "../../bench/command_line.ts";

const known = ["job", "learners"];
const parse = (...args: string[]) => parseBenchArgs(args, known);

Deno.test("bench command line: suites, sizes and rounds", () => {
  assertEquals(parse(), { suites: known, docs: false });
  assertEquals(parse("learners", "learners"), { suites: ["learners"], docs: false });
  assertEquals(parse("--rows=500,1000000", "job", "--rounds", "3"), {
    suites: ["job"],
    sizes: [500, 1_000_000],
    rounds: 3,
    docs: false,
  });
  assertEquals(parse("--quick"), { suites: known, sizes: [10_000], rounds: 1, docs: false });
  assertEquals(parse("--quick", "--rounds", "2"), {
    suites: known,
    sizes: [10_000],
    rounds: 2,
    docs: false,
  });
});

Deno.test("bench command line: only cases of a name", () => {
  assertEquals(parse("job", "--only", "5 folds"), {
    ...{ suites: ["job"], docs: false, only: "5 folds" },
  });
});

Deno.test("bench command line: --docs alone measures nothing", () => {
  assertEquals(parse("--docs"), { suites: [], docs: true });
  assertEquals(parse("--docs", "job"), { suites: ["job"], docs: true });
  assertEquals(parse("job", "--against", "a.json"), {
    ...{ suites: ["job"], docs: false, against: "a.json" },
  });
});

Deno.test("bench command line: a name that is near is suggested", () => {
  for (const [typed, near] of [["--qick", "--quick"], ["laerners", '"learners"']]) {
    assertEquals(assertThrows(() => parse(typed), UsageError).next, `did you mean ${near}?`);
  }
});

Deno.test("bench command line: what is not understood is named", () => {
  for (
    const [args, named] of [
      [["serve"], '"serve"'],
      [["--row", "5"], "--row"],
      [["--rows", "0"], '--rows "0"'],
      [["--rows", "10,"], '--rows ""'],
      [["--rounds", "1.5"], '--rounds "1.5"'],
    ] as const
  ) {
    const error = assertThrows(() => parse(...args), UsageError);
    assertStringIncludes(error.message, named);
  }
  assertEquals(parse("-h"), "help");
  assertStringIncludes(helpText(known), "job, learners");
});
