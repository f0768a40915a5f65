/** Batch scoring, wired into a pipeline: partitions of a table as a fan-out. */

import { z } from "zod";
import { basename, dirname, join, UsageError, WorkerPool, writeFileAtomic } from "../base/mod.ts";
import { compare, driftReason, SampleSketch } from "../drift/mod.ts";
import {
  type Builder,
  type ParamsSchema,
  type SavedFile,
  savedFile,
  type StepContext,
  stepFunction,
} from "../pipeline/mod.ts";
import { deployedMetadata, findBundle, givesNumber, type ModelMetadata } from "../registry/mod.ts";
import { parquet, type ParquetFile } from "../table/mod.ts";
import { type ScoredPart, scorePart, type Segment } from "./score_part.ts";

/** What is scored. */
export interface ScoreParams {
  /** Parquet file, or a folder of them. */
  readonly data: string;
  /** Model that scores: latest, a name, or a version. */
  readonly model: string;
  /** Folder of the models. */
  readonly models: string;
  /** Folder that the scored parts are written to. */
  readonly out: string;
  /** Parts that the rows are dealt to, each a file; they may run on different machines. */
  readonly parts: number;
  /** Rows that a worker holds at a time. */
  readonly chunk: number;
  /** Columns of the table to be written beside the predictions. */
  readonly keep: readonly string[];
  /** Whether the rows are compared with the model's training rows. */
  readonly drift: boolean;
}

/** Types, defaults and descriptions, as `--help` shows them. */
export const scoreParams: ParamsSchema<ScoreParams> = z.object({
  data: z.string().min(1).describe("Parquet file, or a folder of them"),
  model: z.string().min(1).default("latest")
    .describe("Model that scores: latest, a name, or a version"),
  models: z.string().min(1).default("models").describe("Folder of the models"),
  out: z.string().min(1).default("data/scored").describe("Folder that scored parts are written to"),
  parts: z.int().min(1).max(100_000).default(8)
    .describe("Parts that the rows are dealt to, each a file and a unit of work"),
  chunk: z.int().min(1).max(10_000_000).default(65_536)
    .describe("Rows that a worker holds at a time"),
  keep: z.array(z.string()).default([])
    .describe("Columns of the table to be written beside the predictions"),
  drift: z.boolean().default(true)
    .describe("Whether the rows are compared with the model's training rows"),
});

/** A model, found. */
interface FoundModel {
  readonly path: string;
  readonly metadata: ModelMetadata;
}

/** Finds the model as it is deployed; its metadata tell its digest. */
export const modelStep = stepFunction(
  import.meta.url,
  "modelStep",
  async ({ model, models }: { model: string; models: string }): Promise<FoundModel> => {
    const bundle = await findBundle(models, model);
    return { path: bundle.modelPath, metadata: deployedMetadata(bundle) };
  },
);

/** Counts the rows. */
export const filesStep = stepFunction(
  import.meta.url,
  "filesStep",
  async (
    { keep }: { keep: readonly string[] },
    { table, model }: { table: string; model: FoundModel },
  ): Promise<readonly ParquetFile[]> => {
    const files = await (await parquet()).parquetFiles(table);
    const wanted = [...model.metadata.feature_state.columns.map(({ name }) => name), ...keep];
    for (const { path, columns } of files) {
      const missing = wanted.filter((name) => !columns.includes(name));
      if (missing.length === 0) continue;
      throw new UsageError(`Cannot score ${path}: it has no column ${missing.join(", ")}`, {
        next: "give a table with the columns that the model reads and that are to be kept",
      });
    }
    return files;
  },
);

/** Scores one part. */
export const partStep = stepFunction(
  import.meta.url,
  "partStep",
  async (
    { parts, chunk, keep, drift, out }: Pick<
      ScoreParams,
      "parts" | "chunk" | "keep" | "drift" | "out"
    >,
    index: number,
    { model, files, pool }: {
      model: FoundModel;
      files: readonly ParquetFile[];
      pool: WorkerPool;
    },
    { signal, progress }: StepContext,
  ): Promise<ScoredPart & { readonly file?: SavedFile }> => {
    const segments = segmentsOf(files, parts, index);
    if (segments.length === 0) return { rows: 0, sums: [] };
    const path = join(out, `part-${String(index).padStart(5, "0")}.parquet`);
    await Deno.mkdir(dirname(path), { recursive: true });
    const scored = await pool.run(scorePart, {
      ...{ segments, chunk, keep, sketch: drift, out: path },
      ...{ model: model.path, metadata: model.metadata },
    }, { signal, onProgress: progress });
    return { ...scored, file: savedFile(path) };
  },
);

/** The rows of a part, the same for the same files: parts differ by one row at the most. */
export function segmentsOf(
  files: readonly Pick<ParquetFile, "path" | "rows">[],
  parts: number,
  index: number,
): Segment[] {
  const all = files.reduce((sum, { rows }) => sum + rows, 0);
  const [from, to] = [index, index + 1].map((i) => Math.floor(i * all / parts));
  let first = 0;
  return files.flatMap(({ path, rows }) => {
    const [start, end] = [Math.max(from - first, 0), Math.min(to - first, rows)];
    first += rows;
    return start < end ? [{ path, from: start, rows: end - start }] : [];
  });
}

/** Puts together what the parts say. */
export const summaryStep = stepFunction(
  import.meta.url,
  "summaryStep",
  async (
    { out, drift }: { out: string; drift: boolean },
    { model, scored }: { model: FoundModel; scored: readonly ScoredPart[] },
    { log, warn, metric }: StepContext,
  ): Promise<SavedFile> => {
    const { metadata } = model;
    const { class_labels: classes } = metadata;
    const rows = scored.reduce((sum, part) => sum + part.rows, 0);
    const total = (k: number, of: "counts" | "sums") =>
      scored.reduce((sum, part) => sum + (part[of]?.[k] ?? 0), 0);
    metric("rows", rows);
    const answers = givesNumber(metadata.task) ? { mean: total(0, "sums") / rows } : {
      classes: Object.fromEntries(classes.map((name, k) => [name, {
        rows: total(k, "counts"),
        mean_probability: total(k, "sums") / rows,
      }])),
    };
    const found = drift && rows > 0 ? await mergedDrift(metadata, scored) : undefined;
    const drifted = found?.columns.filter(({ drifted }) => drifted) ?? [];
    if (found) metric("drifted_columns", drifted.length);
    for (const column of drifted) warn(`${column.column} has drifted: ${driftReason(column)}`);
    const path = join(out, "summary.json");
    const summary = {
      model: `${metadata.model_name}_v_${metadata.version}`,
      ...{ rows, ...answers },
      ...found && {
        drift: {
          severity: found.severity,
          drifted: drifted.map((column) => ({
            column: column.column,
            severity: column.severity,
            reason: driftReason(column),
          })),
        },
      },
    };
    await writeFileAtomic(path, `${JSON.stringify(summary, null, 2)}\n`);
    log([
      `Scored ${rows.toLocaleString("en")} rows with ${summary.model}`,
      ...found
        ? [
          drifted.length === 0
            ? "No drift from its training rows"
            : `Drift from its training rows in ${drifted.length} columns`,
        ]
        : [],
      `Saved: ${out}/part-*.parquet, ${basename(path)}`,
    ].join("\n"));
    return savedFile(path);
  },
);

/** Compares all parts together with the training rows: their sketches merge, rows are not needed. */
async function mergedDrift(metadata: ModelMetadata, scored: readonly ScoredPart[]) {
  const merged = new SampleSketch();
  for (const { sample } of scored) if (sample) merged.merge(sample);
  const { reference_statistics: columns, reference_performance: kept } = metadata;
  const counts = Object.values(columns).map(({ count, missing }) => count + missing);
  return await compare(
    { rows: kept?.target.count ?? Math.max(...counts), columns },
    merged.sample(),
  );
}

/**
 * Wires batch scoring: rows are dealt to parts, each read, scored and written by itself in memory
 * that does not grow with the table; what is known of the parts is put together.
 */
export function scoreSteps({ step, each, file, resource, params }: Builder<ScoreParams>): void {
  const { data, model: name, models, out, parts, chunk, keep, drift } = params;
  const pool = resource("workers", {
    open: ({ run }) => new WorkerPool(run.jobs),
    close: (pool) => pool.close(),
    counts: false,
  });
  const table = file("table", data);
  const model = step("model", {}, modelStep({ model: name, models }), { cache: false });
  const files = step("files", { table, model }, filesStep({ keep }));
  const scored = each(
    "score",
    Array.from({ length: parts }, (_, i) => i),
    { model, files, pool },
    partStep({ parts, chunk, keep, drift, out }),
  );
  step("summary", { model, scored }, summaryStep({ out, drift }));
}
