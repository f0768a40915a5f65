/**
 * MLflow's file-store layout: names, ids and meta.yaml files.
 *
 * meta.yaml is written as JSON, which YAML readers take: it quotes the ids, which
 * must stay text. Foreign files, by MLflow's Python client, are read as YAML.
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { parse } from "@std/yaml";
import { folderEntries, writeFileAtomic } from "../base/mod.ts";

/** Fields of a meta.yaml file. */
export type Meta = Readonly<Record<string, unknown>>;

/** Name of the file that makes a folder an experiment, a run, a model. */
const metaName = "meta.yaml";

/** Run states in a file store are numbers. */
export const runStatusCode = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 };

/** A new run id: 32 hexadecimal digits. */
export function newRunId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/**
 * The id of an experiment: 18 decimal digits, as MLflow's. It follows from the
 * name, so two processes that create the same experiment at the same time meet
 * in one folder. `attempt` counts on where the id is taken by a renamed one.
 */
export function experimentId(name: string, attempt: number): string {
  const digest = createHash("sha256").update(`${attempt}:${name}`).digest("hex");
  const range = 9n * 10n ** 17n;
  return String(10n ** 17n + BigInt("0x" + digest) % range);
}

/** MLflow's id of a data set or of its link: the MD5 of two texts in a row. */
export function md5Id(first: string, second: string): string {
  return createHash("md5").update(first).update(second).digest("hex");
}

/** Writes a folder's meta.yaml, whole or not at all. */
export async function writeMeta(folder: string, meta: Meta): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(meta).sort(([a], [b]) => a < b ? -1 : 1));
  await writeFileAtomic(join(folder, metaName), yamlSafe(JSON.stringify(sorted, null, 2)) + "\n");
}

/** Escapes what JSON takes in a text and YAML does not, or takes for a line end. */
function yamlSafe(json: string): string {
  return json
    .replace(
      /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    // Half a letter, which JSON escapes and no encoding has.
    .replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "$1\\ufffd");
}

/** Reads a YAML file. */
export async function readYaml(path: string): Promise<unknown> {
  return parse(await Deno.readTextFile(path));
}

/** Reads a folder's meta.yaml; undefined if it is absent or no mapping. */
export async function readMeta(folder: string): Promise<Meta | undefined> {
  try {
    const meta = await readYaml(join(folder, metaName));
    return typeof meta === "object" && meta !== null ? meta as Meta : undefined;
  } catch (error) {
    // A stray or broken file must not stop the others from being read.
    if (
      error instanceof SyntaxError || error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw error;
  }
}

/** Names of the folders in a folder, sorted; none if it does not exist. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await folderEntries(folder);
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
}

/** Relative paths (with `/`) of all files below a folder, sorted; none if it does not exist. */
export async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await folderEntries(join(folder, prefix))) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await filesBelow(folder, path));
    else paths.push(path);
  }
  return paths.sort();
}
