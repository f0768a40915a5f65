/** Wrong wiring is met by the type checker, or when the file is loaded. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { z } from "zod";
import { UsageError } from "../../src/base/mod.ts";
import { type Handle, pipeline } from "../../src/pipeline/mod.ts";

const head = `
import { pipeline } from ${JSON.stringify(import.meta.resolve("../../src/pipeline/mod.ts"))};
import { z } from "zod";
const useRows = (table: { rows: number[] }) => table.rows.length;
export default pipeline("wrong", {
  description: "is wired wrongly",
  params: z.object({ folds: z.number().default(5) }),
}, ({ step, each, file, params }) => {
  const rows = step("rows", () => ({ rows: [1, 2, 3] }));
  const cols = step("cols", () => ({ cols: ["a", "b"] }));
`;

/** Each body is wrong in one way; the message names the fault and points at the last line. */
const wrong: Record<string, { body: string; message: RegExp }> = {
  missing_input: {
    body: `step("use", { rows }, ({ rows, cols }) => useRows(rows) + cols.cols.length);`,
    message: /Property 'cols' does not exist on type 'Values<\{ rows: Handle</,
  },
  misused_type: {
    body: `step("use", { cols }, ({ cols }) => useRows(cols));`,
    message: /Argument of type '\{ cols: string\[\]; \}' is not assignable to parameter of type/,
  },
  mismatched_function: {
    body:
      `step("use", { table: cols }, ({ table }: { table: { rows: number[] } }) => useRows(table));`,
    message: /Property 'rows' is missing in type '\{ cols: string\[\]; \}'/,
  },
  handle_as_value: {
    body: `step("use", () => useRows(rows));`,
    message: /Argument of type 'Handle<\{ rows: number\[\]; \}>' is not assignable/,
  },
  value_as_handle: {
    body: `step("use", { folds: params.folds }, ({ folds }) => folds);`,
    message: /Type 'number' is not assignable to type 'Handle<unknown>'/,
  },
  used_before_declared: {
    body: `step("use", { later }, ({ later }) => later); const later = step("later", () => 1);`,
    message: /Block-scoped variable 'later' used before its declaration/,
  },
  fan_out_taken_for_one: {
    body:
      `const all = each("all", [1, 2], (n) => ({ rows: [n] })); step("use", { all }, ({ all }) => useRows(all));`,
    message: /Argument of type 'readonly \{ rows: number\[\]; \}\[\]' is not assignable/,
  },
  misspelt_parameter: {
    body: `step("use", () => params.fold);`,
    message:
      /Property 'fold' does not exist on type '\{ folds: number; \}'\. Did you mean 'folds'\?/,
  },
  misspelt_option: {
    body: `step("use", { rows }, ({ rows }) => useRows(rows), { retry: 3 });`,
    message: /'retry' does not exist in type 'StepOptions<unknown>'/,
  },
  wrong_outcome: {
    body: `return step("use", () => ({ exitcode: 3 }));`,
    message: /Property 'exitCode' is missing in type '\{ exitcode: number; \}'/,
  },
  wrong_output_schema: {
    body: `step("use", { rows }, ({ rows }) => useRows(rows), { output: z.string() });`,
    message:
      /is not assignable to type 'ValueSchema<number>'|'number' is not assignable to type 'string/,
  },
};

Deno.test("wiring: deno check refuses each wrong pipeline and points at the fault", async (t) => {
  const folder = await Deno.makeTempDir();
  const paths = await Promise.all(
    Object.entries(wrong).map(async ([name, { body }]) => {
      const path = join(folder, `${name}.ts`);
      await Deno.writeTextFile(path, `${head}  ${body}\n});\n`);
      return path;
    }),
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--config", fromFileUrl(new URL("../../deno.json", import.meta.url)), ...paths],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 1);
  const reports = new TextDecoder().decode(stderr).split(/^(?=TS\d+)/m);
  const line = head.split("\n").length;
  for (const [name, { message }] of Object.entries(wrong)) {
    await t.step(name, () => {
      // An outcome belongs to the whole function, so it is pointed at where that begins.
      const at = name === "wrong_outcome" ? line - 3 : line;
      const own = reports.filter((report) => report.includes(`/${name}.ts:${at}:`));
      assertMatch(own.join("\n"), message);
    });
  }
});

const params = z.object({});
const options = { description: "", params };

Deno.test("wiring: two steps of one name are refused when the pipeline is declared", () => {
  assertThrows(
    () => pipeline("p", options, ({ step }) => void (step("a", () => 1), step("a", () => 2))),
    UsageError,
    'Cannot build pipeline "p": two steps are named "a"',
  );
});

Deno.test("wiring: a name that the command line could not write is refused", () => {
  assertThrows(
    () => pipeline("p", options, ({ step }) => void step("a step", () => 1)),
    UsageError,
    'step name "a step" is not valid',
  );
});

Deno.test("wiring: a handle of another pipeline, or of another build, is refused", () => {
  let foreign: Handle<number> | undefined;
  pipeline("one", options, ({ step }) => void (foreign = step("a", () => 1)));
  assertThrows(
    () =>
      pipeline("two", options, ({ step }) => {
        step("a", () => 1);
        step("b", { a: foreign! }, ({ a }) => a);
      }),
    UsageError,
    'input "a" of step "b" is not the output of an earlier step',
  );
});

Deno.test("wiring: items of a fan-out need names of their own", () => {
  assertThrows(
    () => pipeline("p", options, ({ each }) => void each("e", [{ n: 1 }], (item) => item.n)),
    UsageError,
    'item 0 of fan-out "e" has no name',
  );
  assertThrows(
    () => pipeline("p", options, ({ each }) => void each("e", ["x", "x"], (item) => item)),
    UsageError,
    'two items of fan-out "e" are named "x"',
  );
  pipeline("p", options, ({ each }) => {
    each("e", [{ n: 1 }, { n: 2 }], {}, (item) => item.n, { key: ({ n }) => `n${n}` });
  });
});
