/** What a module loads when it is imported. */

import { fromFileUrl } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));

/**
 * The specifiers of the modules that `entry`, a path in the project, loads: not those of types
 * alone, and of what readers of tables import when a file is opened nothing.
 */
export async function loadedModules(entry: string): Promise<Set<string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: root,
    stderr: "null",
  }).output();
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    redirects: Record<string, string>;
    modules: {
      specifier: string;
      dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
    }[];
  };
  const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const next = [...graph.roots];
  for (let found = next.pop(); found !== undefined; found = next.pop()) {
    const specifier = graph.redirects[found] ?? found;
    if (loaded.has(specifier)) continue;
    loaded.add(specifier);
    const opensFiles = specifier.includes("/src/table/");
    for (const { code, isDynamic } of modules.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !(opensFiles && isDynamic)) next.push(code.specifier);
    }
  }
  return loaded;
}
