/** The notebooks of the project with parameters that are small: to be run, not to be believed. */

import { fromFileUrl, join } from "@std/path";
import {
  type JsonValue,
  type NotebookDocument,
  readNotebook,
} from "../../src/notebook_files/mod.ts";
import { Project } from "../integration/project.ts";

/** The folder of the notebooks. */
export const folder = fromFileUrl(import.meta.resolve("../../notebooks/"));

/** A copy of the project to run them in: they write data, models, runs and reports beside themselves. */
export function copyOfProject(): Promise<Project> {
  return Project.create(["serve", "notebooks"]);
}

/** Parameters by name of the notebook. */
export const small: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  "01_explore": { rows: 800 },
  "02_features": { rows: 800 },
  "03_train_and_compare": { rows: 800, folds: 2, trees: 5 },
  "04_drift": { rows: 200 },
  "05_serve_and_monitor": { rows: 800, requests: 200 },
  "06_language": { messages: 480 },
  "07_series_and_outliers": { users: 1, months: 36, horizon: 3, alertUsers: 20, days: 60 },
};

/** A notebook as it was committed. */
export function committed(name: string): Promise<NotebookDocument> {
  return readNotebook(join(folder, `${name}.ipynb`));
}

/** The kinds of outputs of each cell that was there before parameters were set. */
export function shapeOf({ cells }: NotebookDocument): Record<string, string[]> {
  return Object.fromEntries(
    cells.filter(({ cell_type, id }) => cell_type === "code" && id !== "injected-parameters")
      .map(({ id, outputs }) => [
        String(id),
        (outputs as { output_type: string; data?: Record<string, unknown> }[])
          // Deno says so where others put packages in place at the same time.
          .filter((output) => !/waiting for file lock/.test(JSON.stringify(output)))
          .map((output) =>
            [output.output_type, ...Object.keys(output.data ?? {}).sort()].join(" ")
          ),
      ]),
  );
}
