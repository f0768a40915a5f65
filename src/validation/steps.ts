/** Validation as a step: of a training, and as a pipeline of its own. */

import { z } from "zod";
import { DataError, join, sha256File, writeFileAtomic } from "../base/mod.ts";
import {
  type Builder,
  type Handle,
  type Outcome,
  type ParamsSchema,
  type SavedFile,
  savedFile,
  type StepContext,
  stepFunction,
} from "../pipeline/mod.ts";
import type { Table } from "../features/mod.ts";
import { readTable } from "../table/mod.ts";
import { failed, findingText, type TableFinding, type TableFindings } from "./finding.ts";
import type { TableSchema } from "./schema.ts";
import { validateTable } from "./validate_table.ts";
import { validationPage, validationVerdict } from "./validation_page.ts";

/** The exit code of a table that is not as declared. */
const NOT_AS_DECLARED = 3;

/** Findings that a message names. */
const NAMED = 5;

/** Where a table is validated from. */
export interface ValidatedSource {
  /** Path of the file. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Its raw columns. */
  readonly table: Table;
}

/** What a validation gives: its findings, and the page as a saved file. */
export interface ValidatedTable {
  /** All that was looked at. */
  readonly findings: readonly TableFinding[];
  /** The page. */
  readonly report: SavedFile;
}

/**
 * Validates what a training has read, before anything is learned: writes the report, tells warnings,
 * and fails where the table is not as declared.
 */
export const validateStep: (
  given: { readonly schema: TableSchema; readonly name: string; readonly reports: string },
) => (
  inputs: { readonly source: ValidatedSource },
  context: StepContext,
) => Promise<ValidatedTable> = stepFunction(
  import.meta.url,
  "validateStep",
  async ({ schema, name, reports }, { source }, context) => {
    const findings = look(schema, source, context);
    const report = await saveValidation(findings, reports, name);
    const errors = failed(findings, "error");
    if (errors.length > 0) {
      const more = errors.length > NAMED ? ` and ${errors.length - NAMED} more` : "";
      throw new DataError(
        `Cannot train on ${source.path}, it is not as declared: ${
          errors.slice(0, NAMED).map(findingText).join(". ")
        }${more}`,
        { next: `correct the data or the declaration; all that was looked at: ${report}` },
      );
    }
    return { findings: findings.findings, report: savedFile(report) };
  },
);

/** What is validated. */
export interface ValidationParams {
  /** CSV or Parquet file. */
  readonly data: string;
  /** JSON file with the declaration; empty for the columns that a model reads. */
  readonly schema: string;
  /** Model whose columns are asked for. */
  readonly model: string;
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the report. */
  readonly reports: string;
  /** Whether warnings count too. */
  readonly strict: boolean;
}

/** Types, defaults and descriptions, as `--help` shows them. */
export const validationParams: ParamsSchema<ValidationParams> = z.object({
  data: z.string().min(1).default("data/raw/train.csv").describe("CSV or Parquet file"),
  schema: z.string().default("")
    .describe("JSON file that declares the table; what the model reads where it is not given"),
  model: z.string().min(1).default("latest")
    .describe("Model whose columns are asked for: latest, a name, or a version"),
  models: z.string().default("models").describe("Folder of the models"),
  reports: z.string().default("reports").describe("Folder of the report"),
  strict: z.boolean().default(false).describe("Whether warnings make the exit code 3 too"),
});

/**
 * Wires a validation into a pipeline; its exit code is 3 if the table is not as declared.
 *
 * @param schema Gives the declaration.
 */
export function validationSteps(
  { step, params }: Builder<ValidationParams>,
  schema: () => Promise<TableSchema>,
): Handle<Outcome> {
  return step("validate", {}, async (_, context) => {
    const { data, reports, strict } = params;
    const declared = await schema();
    const table = await readTable(data);
    const source = { path: data, digest: await sha256File(data), table };
    const findings = look(declared, source, context);
    const report = await saveValidation(findings, reports, "table");
    const [errors, warnings] = [failed(findings, "error"), failed(findings, "warning")];
    context.metric("not_as_declared", errors.length);
    context.log([
      validationVerdict(findings),
      ...errors.map((finding) => `  ${findingText(finding)}`),
      `Saved: ${report}`,
    ].join("\n"));
    const wrong = errors.length + (strict ? warnings.length : 0);
    return { exitCode: wrong > 0 ? NOT_AS_DECLARED : 0 };
  });
}

function look(
  schema: TableSchema,
  { path, digest, table }: ValidatedSource,
  { warn, run }: StepContext,
): TableFindings {
  const findings = {
    ...{ path, digest, rows: table.rows },
    findings: validateTable(schema, table, run.startedAt),
  };
  for (const finding of failed(findings, "warning")) warn(findingText(finding));
  return findings;
}

/** Writes the page under a name that tells the data, and gives its path. */
async function saveValidation(
  findings: TableFindings,
  reports: string,
  name: string,
): Promise<string> {
  const path = join(reports, `validation_${name}_${findings.digest.slice(0, 12)}.html`);
  await writeFileAtomic(path, await validationPage(findings));
  return path;
}
