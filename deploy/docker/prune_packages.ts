/**
 * Removes from `node_modules` what given entries do not reach, and what is for other machines:
 * `deno run -A deploy/docker/prune_packages.ts serve/main.ts … --keep swagger-ui-dist`, in a copy of
 * the project. `--keep` names packages whose files are read as they are; `--all` keeps every package;
 * `--without` names packages whose native libraries go, as nothing that the entries reach loads them.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";

interface Module {
  readonly specifier: string;
  readonly npmPackage?: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier?: string } }[];
}

interface Graph {
  readonly roots: readonly string[];
  readonly modules: readonly Module[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly npmPackages: Readonly<
    Record<string, { readonly name: string; readonly dependencies: readonly string[] }>
  >;
}

/** Libraries of other systems, which packages bring along for all of them. */
const foreign = /-(darwin|win32|android|freebsd|openharmony)|(darwin|win32)$|-(linux-)?\w*musl/;

async function graphOf(entry: string): Promise<Graph> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno info failed for ${entry}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The packages that run, as types are gone by then. */
function packagesOf({ roots, modules, redirects }: Graph): string[] {
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const seen = new Set<string>();
  const visit = (specifier: string) => {
    const module = known.get(redirects[specifier] ?? specifier);
    if (module === undefined || seen.has(module.specifier)) return;
    seen.add(module.specifier);
    for (const { code } of module.dependencies ?? []) if (code?.specifier) visit(code.specifier);
  };
  roots.forEach(visit);
  return [...seen].flatMap((specifier) => known.get(specifier)?.npmPackage ?? []);
}

const { _: entries, keep, all, without } = parseArgs(Deno.args, {
  boolean: ["all"],
  collect: ["keep", "without"],
  string: ["_", "keep", "without"],
});
const wanted = new Set<string>();
for (const entry of entries) {
  const graph = await graphOf(entry);
  const { npmPackages } = graph;
  const next = packagesOf(graph);
  next.push(...Object.keys(npmPackages).filter((id) => all || keep.includes(npmPackages[id].name)));
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (wanted.has(id)) continue;
    wanted.add(id);
    next.push(...npmPackages[id].dependencies);
  }
}

// A folder is called by the package without its peers, `/` as `+`.
const folders = new Set([...wanted].map((id) => id.replace(/_.*$/, "").replaceAll("/", "+")));
const store = "node_modules/.deno";
for (const { name } of [...Deno.readDirSync(store)]) {
  const id = name.replace(/_\d*$/, "");
  if (name.startsWith(".") || name === "node_modules") continue;
  const goes = foreign.test(id) || without.some((library: string) => id.startsWith(`${library}-`));
  if (!folders.has(id) || goes) Deno.removeSync(join(store, name), { recursive: true });
}
const runtime = [...Deno.readDirSync(store)].find(({ name }) =>
  name.startsWith("onnxruntime-node@")
);
if (runtime !== undefined) {
  const systems = join(store, runtime.name, "node_modules/onnxruntime-node/bin/napi-v6");
  const own = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  for (const { name } of [...Deno.readDirSync(systems)]) {
    if (name !== "linux") Deno.removeSync(join(systems, name), { recursive: true });
  }
  for (const { name } of [...Deno.readDirSync(join(systems, "linux"))]) {
    if (name !== own) Deno.removeSync(join(systems, "linux", name), { recursive: true });
  }
}

/** Maps of sources, which nothing here reads. */
function removeMaps(folder: string): void {
  for (const { name, isDirectory, isFile } of [...Deno.readDirSync(folder)]) {
    if (isDirectory) removeMaps(join(folder, name));
    else if (isFile && name.endsWith(".map")) Deno.removeSync(join(folder, name));
  }
}
removeMaps(store);

/** Removes links that lead nowhere now. */
function removeDangling(folder: string): void {
  for (const { name, isSymlink, isDirectory } of [...Deno.readDirSync(folder)]) {
    const path = join(folder, name);
    if (isSymlink) {
      try {
        Deno.statSync(path);
      } catch {
        Deno.removeSync(path);
      }
    } else if (isDirectory && (name.startsWith("@") || name === "node_modules")) {
      removeDangling(path);
    }
  }
}
removeDangling("node_modules");
removeDangling(join(store, "node_modules"));
for (const { name, isDirectory } of Deno.readDirSync(store)) {
  if (isDirectory && name.includes("@")) removeDangling(join(store, name, "node_modules"));
}
