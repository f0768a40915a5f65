/** What a step reads from outside of the pipeline, as its declaration says. */

import { digestOf, resolve } from "../../base/mod.ts";
import type { FileNode, WorkNode } from "../define/graph.ts";

/** Digests what a path holds. */
export type DigestPath = (path: string) => Promise<string>;

/** A file as an input: the step is given its path, so that counts beside its content. */
export async function fileInput({ path }: FileNode, digest: DigestPath): Promise<string> {
  return `file:${await digestOf(`${await digest(path)}\n${path}`)}`;
}

/** Files and environment variables that a step declares to read, by the name of each as input. */
export async function declaredInputs(
  { options: { permissions } }: WorkNode,
  digest: DigestPath,
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const path of permissions?.read ?? []) inputs[`read ${path}`] = `file:${await digest(path)}`;
  const { env = [] } = permissions ?? {};
  for (const name of env === true ? ["*"] : env) {
    inputs[`env ${name}`] = `env:${await digestOf(JSON.stringify(variables(name)))}`;
  }
  return inputs;
}

/** The paths among a step's inputs that it does not write itself. */
export function pathsRead(node: WorkNode, files: ReadonlyMap<string, FileNode>): string[] {
  const given = Object.values(node.inputs).flatMap((name) => files.get(name)?.path ?? []);
  const { read = [], write = [] } = node.options.permissions ?? {};
  // Where the step itself writes, changes say nothing.
  const written = write.map((path) => `${resolve(path)}/`);
  const own = (path: string) => written.some((place) => place.startsWith(`${resolve(path)}/`));
  return [...given, ...read.filter((path) => !own(path))];
}

/** The environment variables of a name, which may end with `*`. */
function variables(name: string): [string, string | undefined][] {
  if (!name.endsWith("*")) return [[name, Deno.env.get(name)]];
  return Object.entries(Deno.env.toObject()).filter(([key]) => key.startsWith(name.slice(0, -1)))
    .sort();
}
