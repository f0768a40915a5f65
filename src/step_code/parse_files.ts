/** Facts of many modules at once. */

import { fromFileUrl, UserError } from "../base/mod.ts";
import { type ModuleFacts, readFacts } from "./facts.ts";
import { parseModule } from "../syntax/mod.ts";

/** A module to be read. */
export interface ModuleText {
  readonly url: string;
  readonly text: string;
}

/**
 * Reads the facts of modules.
 *
 * @throws {UserError} naming the file that is no module.
 */
export function answer(files: readonly ModuleText[]): [string, ModuleFacts][] {
  return files.map(({ url, text }) => {
    const path = fromFileUrl(url);
    try {
      return [url, readFacts(parseModule(path, text))];
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new UserError(`Cannot read the code of ${path}: ${cause.message}`, {
        cause,
        next: "correct the file",
      });
    }
  });
}
