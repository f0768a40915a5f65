/** What a watched pipeline depends on, and whether it has changed. */

import {
  basename,
  FileDigests,
  fromFileUrl,
  join,
  MISSING_FILE,
  resolve,
  toFileUrl,
} from "../../base/mod.ts";
import { type KeptFacts, reachedFiles } from "../../step_code/mod.ts";
import type { FolderWatch } from "./folder_watch.ts";

/** Files of the project that change what its packages and imports are. */
const settings = ["deno.json", "deno.jsonc", "deno.lock"];

/** A source file, and no temporary one of an editor. */
const codeFile = /^[^.#~].*\.[cm]?[jt]sx?$/;

/**
 * The files that a pipeline reaches or names, with what they held when a round
 * began. Content decides: a file that is only touched or saved again is no change.
 */
export class WatchedInputs {
  readonly #file: string;
  readonly #digests = new FileDigests();
  readonly #held = new Map<string, string>();
  readonly #settings: readonly string[];
  #sources: readonly string[];
  #named: readonly string[] = [];
  #facts: KeptFacts | undefined;

  /** Takes the pipeline's file, the project's folder and what tells of events. */
  constructor(file: string, root: string, private readonly watch: FolderWatch) {
    this.#file = resolve(file);
    this.#settings = settings.map((name) => resolve(join(root, name)));
    this.#sources = [this.#file];
  }

  /** How many files and folders there are that exist. */
  get count(): number {
    return [...this.#held.values()].filter((digest) => digest !== MISSING_FILE).length;
  }

  /** Starts a round: what the known files hold now is what it works with. */
  async begin(): Promise<void> {
    this.#held.clear();
    await this.#hold([...this.#settings, ...this.#sources, ...this.#named]);
  }

  /** Finds the files that the code reaches now; none of it is run. */
  async findSources(): Promise<void> {
    try {
      const { urls, keep } = await reachedFiles(toFileUrl(this.#file).href, this.#facts);
      this.#facts = keep;
      this.#sources = urls.map((url) => fromFileUrl(url));
    } catch {
      return; // the code is broken: the round says how, and what was known is watched on
    }
    await this.#hold(this.#sources);
  }

  /** Takes the files that the pipeline names, as the round has reported them. */
  async name(paths: readonly string[]): Promise<void> {
    this.#named = paths;
    await this.#hold(paths);
  }

  /**
   * The files whose content is not what it was.
   *
   * @param running Whether the round is under way: a file that appears then is made by it.
   */
  async changed(running: boolean): Promise<string[]> {
    const changed: string[] = [];
    for (const [path, before] of this.#held) {
      const now = await this.#digests.of(path);
      if (now === before) continue;
      if (running && before === MISSING_FILE) this.#held.set(path, now);
      else changed.push(path);
    }
    return changed;
  }

  /** Source files among `touched`: where loading failed, any of them may put it right. */
  static code(touched: readonly string[]): string[] {
    return touched.filter((path) => codeFile.test(basename(path)));
  }

  async #hold(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await this.watch.follow(path);
      if (!this.#held.has(path)) this.#held.set(path, await this.#digests.of(path));
    }
  }
}
