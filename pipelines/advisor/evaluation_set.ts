/** The questions that the advisor is evaluated on, with what is expected of it. */

import { z } from "zod";
import { DataError } from "../../src/base/mod.ts";

/** Kinds of questions. */
export const questionKinds = [
  ...["answerable", "unanswerable", "injection", "pii", "out_of_scope", "arithmetic"] as const,
] as const;

const texts = z.array(z.string().min(1)).min(1);

const expectation = z.strictObject({
  /** Whether there is to be an answer. */
  behaviour: z.enum(["answer", "refuse"]),
  /** Sections that answer the question, as `folder/file.md#Heading`. */
  sources: texts.optional(),
  /** Of these texts one at least stands in a passage that answers it. */
  says: texts.optional(),
  /** Numbers that the answer names, to a hundredth. */
  numbers: z.array(z.number()).min(1).optional(),
  /** Codes of refusals that will do. */
  codes: texts.optional(),
  /** Kinds of personal data that are taken out. */
  redacted: texts.optional(),
  /** What must stand nowhere in the answer. */
  never: texts.optional(),
});

const expectedQuestion = z.strictObject({
  id: z.string().regex(/^[a-z-]+-\d{3}$/),
  kind: z.enum(questionKinds),
  question: z.string().min(3).max(500),
  expect: expectation,
}).superRefine(({ kind, expect }, context) => {
  const wanted: Record<typeof kind, [behaviour: string, ...fields: (keyof typeof expect)[]]> = {
    answerable: ["answer", "sources"],
    unanswerable: ["refuse", "codes"],
    injection: ["refuse", "codes"],
    pii: ["answer", "redacted", "never", "sources"],
    out_of_scope: ["refuse", "codes"],
    arithmetic: ["answer", "numbers"],
  };
  const [behaviour, ...fields] = wanted[kind];
  if (expect.behaviour !== behaviour) {
    context.addIssue({ code: "custom", message: `${kind} expects to ${behaviour}` });
  }
  for (const field of fields) {
    if (expect[field] === undefined) {
      context.addIssue({ code: "custom", message: `${kind} expects ${field}` });
    }
  }
});

/** A question with what is expected. */
export type ExpectedQuestion = z.output<typeof expectedQuestion>;

/**
 * Reads the questions of a file, one JSON object a line.
 *
 * @throws {DataError} with the line of the first that is none, or that is there twice.
 */
export async function readEvaluationSet(path: string): Promise<ExpectedQuestion[]> {
  const questions: ExpectedQuestion[] = [];
  const seen = new Map<string, number>();
  for (const [i, line] of (await Deno.readTextFile(path)).split("\n").entries()) {
    if (line.trim() === "") continue;
    const wrong = (found: string, cause?: unknown) =>
      new DataError(`Cannot evaluate by ${path}: line ${i + 1} ${found}`, {
        cause,
        next: "correct the line; the other lines show the form",
      });
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw wrong("is no JSON", cause);
    }
    const { data, error } = expectedQuestion.safeParse(value);
    if (error !== undefined) {
      const [{ path: field, message }] = error.issues;
      throw wrong(`is no question: ${field.length > 0 ? `${field.join(".")}: ` : ""}${message}`);
    }
    for (const name of [data.id, data.question]) {
      const first = seen.get(name);
      if (first !== undefined) throw wrong(`has "${name}" again, as line ${first}`);
      seen.set(name, i + 1);
    }
    questions.push(data);
  }
  return questions;
}

/**
 * Holds what questions expect to the passages that there are: a source that no document has would
 * count as never found.
 *
 * @param sections Names of all sections.
 * @throws {DataError} with the first source that is not there.
 */
export function checkSources(
  questions: readonly ExpectedQuestion[],
  sections: ReadonlySet<string>,
): void {
  for (const { id, expect: { sources = [] } } of questions) {
    const missing = sources.find((source) => !sections.has(source));
    if (missing === undefined) continue;
    throw new DataError(`Cannot evaluate: ${id} expects ${missing}, which no document has`, {
      next: "correct the question, or bring the section back",
    });
  }
}
