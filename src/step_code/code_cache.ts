/** What steps reach, kept from run to run: worked out again only where a file is different. */

import { type FileDigests, fromFileUrl, join } from "../base/mod.ts";
import type { ExportedDeclaration } from "./step_function.ts";
import type { CodeMap } from "./code_map.ts";
import { KEPT_VERSION, LOAD_ORDER, type StepCode } from "./step_code.ts";
import type { KeptFacts } from "./read_facts.ts";
import type { StateUser } from "./shared_state.ts";
import { resolveUrl } from "./specifier.ts";

/** What was found out in an earlier run, with all that it depends on. */
export interface KeptCode {
  /** {@link KEPT_VERSION}; what has another is not used. */
  readonly version: string;
  /** The folder that paths are told from. */
  readonly root: string;
  /** Digest of what counts of the configuration, as it decides what names stand for. */
  readonly config: string;
  /** Digest of every file that the pipeline reaches by URL; `missing` for one that is not there. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * What each specifier of the import map stands for; null for nothing. With the address of the
   * file where it stands for something else than in the pipeline's.
   */
  readonly bare: Readonly<Record<string, string | null>>;
  /** The code of steps by their name and those of the resources they take. */
  readonly steps: Readonly<Record<string, StepCode>>;
}

/** Where facts about modules are kept; they are read only where something is different. */
export interface FactsStore {
  /** The facts of earlier runs; of any modules, in any number. */
  read(): Promise<readonly KeptFacts[]>;
  /** Keeps facts for later runs. */
  write(facts: KeptFacts): Promise<void>;
}

/** Where the code of a pipeline is. */
export interface CodeOptions {
  /** Address of the pipeline's file. */
  readonly url: string;
  /** The project's folder. */
  readonly root: string;
  /** Digest of what counts of the configuration. */
  readonly config: string;
  /** Digests of files. */
  readonly digests: FileDigests;
  /** Where facts are kept. */
  readonly facts: FactsStore;
  /** When the code was loaded, in milliseconds; what was changed later is not what runs. */
  readonly loadedAt?: number;
}

/** The code that the steps of one pipeline reach. */
export class KnownCode {
  readonly #url: string;
  readonly #root: string;
  readonly #config: string;
  readonly #facts: FactsStore;
  readonly #digests: FileDigests;
  readonly #loadedAt: number | undefined;
  /** Whether files changed while they were read. */
  #unsteady = false;
  #kept: KeptCode | undefined;
  #map: Promise<CodeMap> | undefined;

  private constructor(
    { url, root, config, digests, facts, loadedAt }: CodeOptions,
    kept: KeptCode | undefined,
  ) {
    this.#url = url;
    this.#root = root;
    this.#config = config;
    this.#digests = digests;
    this.#facts = facts;
    this.#loadedAt = loadedAt;
    this.#kept = kept;
  }

  /** Opens the code of a pipeline; what is kept is taken if it still stands. */
  static async open(options: CodeOptions, kept: KeptCode | undefined): Promise<KnownCode> {
    const { url, root, config, digests } = options;
    const stands = kept?.version === KEPT_VERSION && kept.root === root &&
      kept.config === config &&
      Object.hasOwn(kept.files, url) &&
      Object.entries(kept.bare).every(([key, file]) => {
        const [specifier, from = url] = key.split(" ");
        return (resolveUrl(specifier, from) ?? null) === file;
      }) &&
      await areSame(kept.files, digests);
    return new KnownCode(options, stands ? kept : undefined);
  }

  /** What a step reaches, with the resources it takes. */
  async step(name: string, resources: readonly string[]): Promise<StepCode> {
    return await this.#find(
      [name, ...resources].join(" "),
      async (map) => (await import("./reach.ts")).reachOf(map, this.#url, name, resources),
    );
  }

  /**
   * What declarations of other files reach, with the pipeline's resources that they take.
   *
   * @param chosen Which entries of tables are used where code says so; all if it is left out.
   */
  async declared(
    declarations: readonly ExportedDeclaration[],
    resources: readonly string[],
    chosen: readonly string[] | undefined,
  ): Promise<StepCode> {
    const names = declarations.map(({ module, name, members }) =>
      [module, name, ...members ? [`{${members}}`] : []].join(" ")
    );
    return await this.#find(
      [...names, ...resources, ...chosen ? [`[${chosen}]`] : []].join(" "),
      async (map) =>
        (await import("./reach.ts"))
          .reachOfDeclared(map, this.#url, declarations, resources, chosen),
    );
  }

  /** What each step shares with others, or its items with each other, and some of them change. */
  async shared(users: readonly StateUser[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (users.every(({ code }) => code.state === undefined)) return new Map();
    return (await import("./shared_state.ts")).sharedState(users);
  }

  async #find(key: string, find: (map: CodeMap) => Promise<StepCode>): Promise<StepCode> {
    const known = this.#kept?.steps ?? {};
    if (Object.hasOwn(known, key)) return known[key];
    this.#map ??= this.#read();
    const code = await find(await this.#map);
    this.#kept = { ...this.#kept!, steps: { ...this.#kept!.steps, [key]: code } };
    return code;
  }

  /**
   * A file of what a step reaches that is not as it was when it was loaded.
   *
   * @param late Whether the step loads code itself, and so may have loaded what came later.
   */
  changed({ code, items, loads }: StepCode, late: boolean): string | undefined {
    if (this.#unsteady) return "the code";
    return Object.keys({ ...code, ...items?.code }).filter((path) => path !== LOAD_ORDER)
      .find((path) => {
        const file = join(this.#root, path);
        return this.#digests.isSeenAfter(file, this.#loadedAt) ||
          (late || loads) && !this.#digests.isAsSeen(file);
      });
  }

  /** Whether no file that the pipeline reaches is different from what is kept. */
  get stands(): boolean {
    return this.#kept !== undefined && this.#map === undefined;
  }

  /** What to keep for later runs. */
  get keep(): KeptCode | undefined {
    return this.#kept;
  }

  async #read(): Promise<CodeMap> {
    const { CodeMap } = await import("./code_map.ts");
    const { dependenciesOf } = await import("./reach.ts");
    const { readSources } = await import("./read_facts.ts");
    const { files, keep, parsed } = await readSources([this.#url], await this.#facts.read());
    if (parsed > 0) await this.#facts.write(keep);
    const now = {
      version: KEPT_VERSION,
      root: this.#root,
      config: this.#config,
      ...dependenciesOf(this.#url, files),
    };
    const { steps = {}, ...was }: Partial<KeptCode> = this.#kept ?? {};
    // What is known stays: else the next run, which asks for all, has to read the sources again.
    this.#kept = { ...now, steps: JSON.stringify(was) === JSON.stringify(now) ? steps : {} };
    this.#unsteady = !await areSame(this.#kept.files, this.#digests);
    return new CodeMap(files, this.#root, this.#url);
  }
}

async function areSame(
  files: Readonly<Record<string, string>>,
  digests: FileDigests,
): Promise<boolean> {
  for (const [url, digest] of Object.entries(files)) {
    if (await digests.ofFile(fromFileUrl(url)) !== digest) return false;
  }
  return true;
}
