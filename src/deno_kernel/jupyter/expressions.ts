/** Expressions that a front end asks for beside a cell. */

import { translateCells } from "../code/translate.ts";
import type { Kernel } from "../kernel.ts";

/** The value of each expression, or what it threw, as Jupyter tells them. */
export async function userExpressions(
  expressions: Readonly<Record<string, string>>,
  running: Promise<Kernel>,
): Promise<Record<string, unknown>> {
  const names = Object.keys(expressions);
  if (names.length === 0) return {};
  const kernel = await running;
  const cells = await translateCells(names.map((name) => expressions[name]));
  const values = await Promise.all(cells.map(async (cell) => {
    const given = "message" in cell
      ? { error: `SyntaxError: ${cell.message}` }
      : await kernel.evaluate(cell);
    if ("data" in given) return { status: "ok", data: given.data, metadata: {} };
    const [, ename = "Error", evalue = given.error] = /^(\w+): (.*)/s.exec(given.error) ?? [];
    return { status: "error", ename, evalue, traceback: [given.error] };
  }));
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}
