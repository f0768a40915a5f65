/** What the file system tells of a file without reading it. */

import { UserError } from "./errors.ts";

/** Milliseconds within which a change after another may leave the file's times as they were. */
export const CLOCK_COARSENESS = 2000;

/** Up to so many bytes, reading at once is quicker than in pieces or in another thread. */
export const SMALL_FILE = 1 << 20;

/** What is known of a path; undefined if there is nothing. */
export function statIfPresent(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that there is nothing at a path. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop;
}

/** Whether an error says that nothing may be written here. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable ||
    (error as { code?: string } | undefined)?.code === "EROFS" ||
    error instanceof UserError && isReadOnly(error.cause);
}
