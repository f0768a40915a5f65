/**
 * A project in several versions, each in a folder of its own: a loaded module stays as it is. A
 * sample of those who use it, all with `--full`, runs again through the command line.
 */

import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { type Pipeline, planPipeline, runPipeline, unitName } from "../../src/pipeline/mod.ts";
import { sha256 } from "../../src/base/mod.ts";
import { Project } from "../pipeline/project.ts";

/** How the file of a pipeline begins. */
export const head = `import { pipeline } from "@pipeline";\nimport { z } from "zod";\n`;

export type Files = Readonly<Record<string, string>>;
export type Params = Readonly<Record<string, unknown>>;

/** A change of one file: what is looked for, and what comes in its place. */
export type Edit = readonly [path: string, from: string, to: string];

/** How a run came out: the lines that it told, and what became of each step. */
export interface Came {
  readonly told: string;
  readonly units: Readonly<Record<string, string>>;
}

/** The files with some changes; each must change something. */
export function edited(files: Files, edits: readonly Edit[]): Files {
  const result: Record<string, string> = { ...files };
  for (const [path, from, to] of edits) {
    const text = result[path] ?? "";
    result[path] = from === "" ? to : text.replace(from, () => to);
    if (result[path] === text) throw new Error(`Nothing to edit in ${path}: ${from}`);
  }
  return result;
}

export class Versions implements AsyncDisposable {
  #count = 0;
  readonly #runs: { files: Files; params: Params }[] = [];

  private constructor(readonly project: Project) {}

  static async create(): Promise<Versions> {
    return new Versions(await Project.create({}));
  }

  /** Loads the pipeline of a version, which is its `p.ts`. */
  async load(files: Files): Promise<Version> {
    const folder = `v${this.#count++}`;
    for (const [path, text] of Object.entries(files)) {
      await this.project.write(`${folder}/${path}`, text);
    }
    const file = this.project.path(folder, "p.ts");
    const { default: pipeline } = await import(toFileUrl(file).href);
    const store = new LocalStore(this.project.path("store"));
    const cache = { store, file, root: this.project.path(folder) };
    return new Version(pipeline, cache, (params) => this.#runs.push({ files, params }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project[Symbol.asyncDispose]();
    if (isSampled(this.#runs)) await throughCommandLine(this.#runs);
  }
}

/** Of how many cases one goes through the command line too: some twenty of all contracts do. */
const ONE_OF = 40;

/** Whether a case is in the sample: by the digest of what it runs, so always the same. */
function isSampled(runs: readonly { files: Files }[]): boolean {
  // Another configuration would be that of the command line itself.
  if (runs.length < 2 || runs.some(({ files }) => "deno.json" in files)) return false;
  return Deno.args.includes("--full") ||
    parseInt(sha256(new TextEncoder().encode(JSON.stringify(runs))).slice(0, 8), 16) % ONE_OF === 0;
}

/** Makes the same edits and runs in processes of their own; each must give what `--force` gives. */
async function throughCommandLine(runs: readonly { files: Files; params: Params }[]) {
  await using project = await Project.create({});
  for (const { files, params } of runs) {
    await Deno.remove(project.path("pipelines"), { recursive: true }).catch(() => {});
    for (const [path, text] of Object.entries(files)) {
      await project.write(`pipelines/${path}`, text);
    }
    const given = Object.entries(params).flatMap(([name, value]) => [
      ...["--param", `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`],
    ]);
    const plain = await project.run("p", "--quiet", ...given);
    const forced = await project.run("p", "--quiet", "--force", ...given);
    assertEquals([plain.stdout, plain.code], [forced.stdout, forced.code], plain.stderr);
  }
}

type Cache = { readonly store: LocalStore; readonly file: string; readonly root: string };

export class Version {
  constructor(
    readonly pipeline: Pipeline,
    readonly cache: Cache,
    readonly onRun: (params: Params) => void,
  ) {}

  async run(params: Params = {}, cached = true): Promise<Came> {
    if (cached) this.onRun(params);
    const told: string[] = [];
    const units: Record<string, string> = {};
    const { status, failure } = await runPipeline(this.pipeline, {
      params,
      jobs: 1,
      ...cached && { cache: this.cache },
      onEvent: (event) => {
        if (event.type === "log") told.push(event.text);
        if (event.type === "step_finished") units[unitName(event.step, event.item)] = event.status;
      },
    });
    if (failure) throw failure.error;
    assertEquals(status, "succeeded");
    return { told: told.join("\n"), units };
  }

  /** Verdicts and reasons by unit. */
  async plan(params: Params = {}): Promise<Record<string, string>> {
    const { entries } = await planPipeline(this.pipeline, { params, cache: this.cache });
    return Object.fromEntries(
      entries.map(({ step, item, verdict }) => [unitName(step, item), verdict]),
    );
  }

  /** Runs with the cache and gives the result, which must be that of a run without. */
  async checked(params: Params = {}): Promise<Came> {
    const plain = await this.run(params);
    assertEquals(plain.told, (await this.run(params, false)).told);
    return plain;
  }
}
