import { assert, assertEquals } from "@std/assert";
import { loadedModules } from "../loaded_modules.ts";

for (const entry of ["serve/main.ts", "serve/workers/serving_worker.ts"]) {
  Deno.test(`serve: what ${entry} loads has no data frames, no learners and no samplers`, async () => {
    const loaded = await loadedModules(entry);
    assert(loaded.size > 50, `only ${loaded.size} modules were found`);
    const unwanted = [...loaded].filter((specifier) =>
      /polars|src\/(learners|samplers)\//.test(specifier)
    );
    assertEquals(unwanted, []);
  });
}
