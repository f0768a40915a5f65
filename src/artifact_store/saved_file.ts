/** Files that a step has written, as its output. */

/**
 * A file that a step wrote for people or other programs: a model, a report. The
 * run keeps a copy; when the step is taken from the cache and the file is gone or
 * different, it is put back.
 *
 * @example
 * ```ts
 * import { pipeline } from "../pipeline/mod.ts";
 * import { z } from "zod";
 *
 * pipeline("report", { description: "writes a report", params: z.object({}) }, ({ step }) => {
 *   step("write", async () => {
 *     await Deno.writeTextFile("reports/today.html", "<h1>Fine</h1>");
 *     return savedFile("reports/today.html");
 *   });
 * });
 * ```
 */
export class SavedFile {
  /** Where it is, relative to the working directory or absolute. */
  readonly path: string;
  /** Whether it is put back only where it is gone, because others may have written it since. */
  readonly shared: boolean;

  /** Takes the path. */
  constructor(path: string, { shared = false }: SavedFileOptions = {}) {
    this.path = path;
    this.shared = shared;
  }
}

/** How a saved file is put back. */
export interface SavedFileOptions {
  /**
   * `true` for a file that other runs write too, such as a pointer to the newest model: it
   * is put back if it is gone, and left alone if it is there. Default false.
   */
  readonly shared?: boolean;
}

/** Declares a file that a step has written as its output, alone or within a value. */
export function savedFile(path: string, options?: SavedFileOptions): SavedFile {
  return new SavedFile(path, options);
}
