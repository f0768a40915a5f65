/** Which pipeline trains a model again, and with which parameters. */

import { ifPresent } from "../../src/base/mod.ts";
import { basename, dirname, isAbsolute, join, relative, resolve } from "@std/path";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import { Problem } from "../http/problem.ts";

/** A value of a parameter, as a request may give it. */
type Value = string | number | boolean;

/**
 * The pipeline that made a model and the parameters that it had, with those of a
 * request in their place. What a parameter means only the pipeline's own schema
 * knows, so each text that might be a path is held to the allowed folders, and
 * no address is taken but one that made the model.
 *
 * @param folders Folders that may be named, below `project` unless they are absolute.
 * @throws {Problem} 409 if the model does not say what made it, 422 where a
 * parameter names something out of reach.
 */
export async function retraining(
  { model_name, version, pipeline }: Pick<ModelMetadata, "model_name" | "version" | "pipeline">,
  asked: Readonly<Record<string, Value>>,
  folders: readonly string[],
  project: string,
): Promise<{ readonly pipeline: string; readonly params: Record<string, string> }> {
  if (pipeline === undefined) {
    throw new Problem(
      409,
      `Cannot train ${model_name}_v_${version} again: its metadata, of an older version, do not ` +
        "tell which pipeline made it; train it once with deno task pipeline",
    );
  }
  const made = Object.fromEntries(
    Object.entries(pipeline.params)
      .filter(([, value]) => value !== null && value !== undefined)
      .map((
        [name, value],
      ) => [name, typeof value === "object" ? JSON.stringify(value) : `${value}`]),
  );
  const allowed = folders.map((folder) => resolve(project, folder));
  const errors = [];
  for (const [name, value] of Object.entries(asked)) {
    if (typeof value !== "string" || value === made[name]) continue;
    const detail = await outOfReach(value, allowed, project);
    if (detail !== undefined) errors.push({ pointer: `/params/${name}`, detail });
  }
  if (errors.length > 0) {
    throw new Problem(422, "Cannot train: a parameter names what a request may not use", {
      errors,
    });
  }
  const given = Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, String(value)]),
  );
  return { pipeline: pipeline.name, params: { ...made, ...given } };
}

/** Why a text may not be used; undefined if it may. */
async function outOfReach(
  text: string,
  allowed: readonly string[],
  project: string,
): Promise<string | undefined> {
  if (/^[a-z][\w+.-]*:/i.test(text)) {
    return `"${text}" is an address: only the one that made the model is taken`;
  }
  const path = resolve(project, text);
  if (allowed.some((folder) => isWithin(path, folder))) {
    // A link may lead elsewhere.
    const [real, ...folders] = await Promise.all([path, ...allowed].map(realPath));
    if (folders.some((folder) => isWithin(real, folder))) return undefined;
  } else {
    const isWord = !/[/\\~]/.test(text) && !text.startsWith(".");
    if (isWord && await ifPresent(Deno.lstat(path)) === undefined) return undefined;
  }
  return `"${text}" lies outside of what --train-folders allows: ` +
    allowed.map((folder) => relative(project, folder) || folder).join(", ");
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

/** A path without links, however much of it exists. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || dirname(path) === path) throw error;
    return join(await realPath(dirname(path)), basename(path));
  }
}
