import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const root = fromFileUrl(new URL("../..", import.meta.url));

for (const entry of ["serve/main.ts", "serve/workers/serving_worker.ts"]) {
  Deno.test(`serve: what ${entry} loads has no data frames, no learners and no samplers`, async () => {
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
        dependencies?: { code?: { specifier: string } }[];
      }[];
    };
    const modules = new Map(graph.modules.map((module) => [module.specifier, module]));
    const loaded = new Set<string>();
    const next = [...graph.roots];
    for (let found = next.pop(); found !== undefined; found = next.pop()) {
      const specifier = graph.redirects[found] ?? found;
      if (loaded.has(specifier)) continue;
      loaded.add(specifier);
      // Imports of types alone have no code.
      for (const { code } of modules.get(specifier)?.dependencies ?? []) {
        if (code !== undefined) next.push(code.specifier);
      }
    }
    assert(loaded.size > 50, `only ${loaded.size} modules were found`);
    const unwanted = [...loaded].filter((specifier) =>
      /polars|src\/(learners|samplers|table_files)\//.test(specifier)
    );
    assertEquals(unwanted, []);
  });
}
