/** Tests that cells declare with `Deno.test`: they run at the end of their cell. */

import type { Print } from "./prints.ts";

/** The tests of a cell that failed. */
export interface TestFailure {
  /** Their names, and what the first one says. */
  readonly message: string;
  /** What the first one threw. */
  readonly error: unknown;
}

interface Declared {
  readonly name: string;
  readonly fn: (context: Deno.TestContext) => void | Promise<void>;
  readonly ignore?: boolean;
  readonly only?: boolean;
}

/** Puts `Deno.test` in place; what it gives runs the tests that were declared since. */
export function addCellTests(): (print: Print) => Promise<TestFailure | undefined> {
  let declared: Declared[] = [];
  const declare = (more: Partial<Declared>) => (...given: unknown[]) => {
    declared.push({ ...readTest(given), ...more });
  };
  const test = Object.assign(declare({}), {
    ignore: declare({ ignore: true }),
    only: declare({ only: true }),
  });
  Object.defineProperty(Deno, "test", { value: test, configurable: true, writable: true });
  return async (print) => {
    const tests = declared;
    declared = [];
    return tests.length === 0 ? undefined : await runAll(tests, print);
  };
}

/** The ways in which a test can be declared. */
function readTest(given: readonly unknown[]): Declared {
  const parts = given.map((part) =>
    typeof part === "string" ? { name: part } : typeof part === "function" ? { fn: part } : part
  );
  const all = Object.assign({}, ...parts) as Partial<Declared>;
  const name = all.name ?? all.fn?.name ?? "";
  if (name === "" || typeof all.fn !== "function") {
    throw new TypeError("Cannot declare a test without a name and a function");
  }
  return { ...all, name, fn: all.fn };
}

async function runAll(tests: readonly Declared[], print: Print): Promise<TestFailure | undefined> {
  const only = tests.some((test) => test.only);
  const failed: { readonly name: string; readonly error: unknown }[] = [];
  let ignored = 0;
  const start = performance.now();
  print(`running ${tests.length} ${tests.length === 1 ? "test" : "tests"}\n`, false);
  for (const { name, fn, ignore, only: own } of tests) {
    if (ignore || (only && !own)) {
      ignored++;
      print(`${name} ... ignored\n`, false);
      continue;
    }
    const started = performance.now();
    const outcome = await runOne(name, fn, "", print);
    const word = outcome ? "FAILED" : "ok";
    print(`${name} ... ${word} (${Math.round(performance.now() - started)}ms)\n`, false);
    if (outcome) failed.push({ name, error: outcome.error });
  }
  const passed = tests.length - failed.length - ignored;
  print(
    `\n${failed.length > 0 ? "FAILED" : "ok"} | ${passed} passed | ${failed.length} failed` +
      `${ignored > 0 ? ` | ${ignored} ignored` : ""} (${
        Math.round(performance.now() - start)
      }ms)\n`,
    false,
  );
  if (failed.length === 0) return undefined;
  const [{ error }] = failed;
  const names = failed.map(({ name }) => `"${name}"`).join(", ");
  return { message: `${names} failed: ${error}`, error };
}

/** Runs a test or a step; gives what it threw, be it in one of its steps. */
async function runOne(
  name: string,
  fn: (context: Deno.TestContext) => unknown,
  indent: string,
  print: Print,
): Promise<{ readonly error: unknown } | undefined> {
  let inner: { readonly error: unknown } | undefined;
  const step = async (...given: unknown[]): Promise<boolean> => {
    const { name, fn, ignore } = readTest(given);
    const deeper = `${indent}  `;
    if (ignore) {
      print(`${deeper}${name} ... ignored\n`, false);
      return false;
    }
    const outcome = await runOne(name, fn, deeper, print);
    print(`${deeper}${name} ... ${outcome ? "FAILED" : "ok"}\n`, false);
    inner ??= outcome;
    return outcome === undefined;
  };
  try {
    await fn({ name, origin: "", step } as unknown as Deno.TestContext);
    return inner;
  } catch (error) {
    return { error };
  }
}
