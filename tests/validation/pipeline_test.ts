/** Validation as a pipeline and as a step of a training. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Project } from "../integration/project.ts";

const loans = (ages: readonly string[]) =>
  ["age,income,default", ...ages.map((age, i) => `${age},${1000 + i},${i % 2}`)].join("\n") + "\n";

Deno.test("validation: a pipeline with a report and an exit code", async () => {
  await using project = await Project.create();
  await Deno.mkdir(join(project.path, "data/raw"), { recursive: true });
  const write = (path: string, text: string) => Deno.writeTextFile(join(project.path, path), text);
  await write("data/raw/loans.csv", loans(["30", "41", "old", "7"]));
  const schema = (missing: object) =>
    JSON.stringify({ columns: { age: { holds: { kind: "number", min: 18 }, ...missing } } });
  await write("table.json", schema({ outside: 0.5 }));
  const args = ["validate", "--param", "data=data/raw/loans.csv", "--param", "schema=table.json"];
  const strict = await project.task("pipeline", args);
  assertEquals(strict.code, 3, strict.stderr);
  assertStringIncludes(strict.stdout, '1 of 4 (25 %) not understood, as "old"; wanted none');
  const [report] = await project.names("reports");
  const page = await Deno.readTextFile(join(project.path, "reports", report));
  for (const text of ["Not as declared", "not understood", "loans.csv", "error"]) {
    assertStringIncludes(page, text);
  }
  await write("table.json", schema({ outside: 0.5, unread: 0.5 }));
  const lenient = await project.task("pipeline", args);
  assertEquals(lenient.code, 0, lenient.stderr);
  assertStringIncludes(lenient.stdout, "All as declared");
  for (
    const [text, message] of [
      ["{", "table.json: "],
      ['{"columns": {"age": {"holds": {"kind": "numbr"}}}}', "columns.age.holds.kind"],
      ['{"columns": {"age": {"holds": {"kind": "number"}, "mising": 1}}}', "mising"],
    ]
  ) {
    await write("table.json", text);
    const { code, stderr } = await project.task("pipeline", args);
    assertEquals(code, 1);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("validation: a training stops before it learns, and leaves the report", async () => {
  await using project = await Project.create();
  await Deno.mkdir(join(project.path, "data/raw"), { recursive: true });
  const made = await project.task("pipeline", ["credit_risk", "--only", "load"]);
  assertEquals(made.code, 0, made.stderr);
  const path = join(project.path, "data/raw/credit_risk.csv");
  const [head, ...rows] = (await Deno.readTextFile(path)).trimEnd().split("\n");
  // Somebody swapped two columns.
  const swapped = rows.map((row) => {
    const [age, income, owner, employed, ...rest] = row.split(",");
    return [employed, income, owner, age, ...rest].join(",");
  });
  await Deno.writeTextFile(path, [head, ...swapped].join("\n") + "\n");
  const { code, stderr } = await project.task("pipeline", ["credit_risk"]);
  assertEquals(code, 1, stderr);
  assertStringIncludes(stderr, "it is not as declared: person_age: ");
  assertStringIncludes(stderr, "out of range");
  assertStringIncludes(stderr, "person_emp_length < person_age");
  assertEquals(await project.names("models"), []);
  assert((await project.names("reports")).some((name) => stderr.includes(name)));
});
