/** A slot of a model whose files, reference and copies in other threads a test sets. */

import { ModelError } from "../../src/base/mod.ts";
import { type Bundle, readModel } from "../../src/registry/mod.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import type { LoadedModel } from "../../serve/model/loaded_model.ts";
import { modelOptions } from "../../serve/model/open_slots.ts";
import type { ModelRuntime } from "../../serve/model/model_runtime.ts";
import { type Replicas, Slot } from "../../serve/model/slot.ts";
import type { AvailableModel } from "../../serve/model/source.ts";
import { Remembering, save } from "./fixture.ts";

export const folder = await Deno.makeTempDir();
export const bundles: Record<string, Bundle> = {
  a: await save(folder, 0),
  b: await save(folder, 1),
  c: await save(folder, 2),
};
export const files = new Map(
  await Promise.all(
    Object.entries(bundles).map(async ([name, bundle]) => [name, await readModel(bundle)] as const),
  ),
);
await Deno.remove(folder, { recursive: true });

/** A place whose references mean what the test says. */
export function place(
  options: { replicas?: Replicas; reference?: string; resting?: boolean } = {},
) {
  const observer = new Remembering();
  const args = ["--models-folder", folder];
  const config = readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;
  const world = {
    ...{ observer, config, loads: 0, asked: [] as unknown[] },
    /** What each reference means: a model and its identity, or what goes wrong. */
    means: {} as Record<string, string | Error>,
    /** Waited for before a file is given. */
    delay: undefined as Promise<void> | undefined,
  };
  const candidate = (meaning: string): AvailableModel => ({
    identity: meaning,
    source: `/models/${meaning}`,
    read: async () => {
      world.loads++;
      await world.delay;
      const [name] = meaning;
      if (!(name in bundles)) throw new ModelError(`${name} is broken`, { next: "export again" });
      return { metadata: bundles[name].metadata, file: files.get(name)! };
    },
  });
  const slot = new Slot({
    role: "champion",
    reference: options.reference ?? "latest",
    open: (reference) => ({
      find: (current) => {
        world.asked.push([reference, current?.model_name]);
        const meaning = world.means[reference];
        return meaning instanceof Error
          ? Promise.reject(meaning)
          : Promise.resolve(candidate(meaning));
      },
    }),
    model: { ...modelOptions(config, observer), loadSeconds: undefined },
    observer,
    replicas: options.replicas,
    resting: options.resting,
  });
  return { slot, ...world, world };
}

/** Counts how often a model's memory is freed. */
export function freed(model: LoadedModel): { times: number } {
  const seen = { times: 0 };
  const run: ModelRuntime = Reflect.get(model, "run");
  const close = run.close.bind(run);
  Object.assign(run, { close: () => (seen.times++, close()) });
  return seen;
}

export const settled = () => new Promise((done) => setTimeout(done, 5));
