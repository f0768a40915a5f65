/** Files from outside that are made if they are missing. */

import { DataError, ifPresent } from "../../base/mod.ts";
import type { Reason } from "../cache/reasons.ts";
import type { StepContext } from "../define/step.ts";
import type { FileNode, StepNode } from "../define/graph.ts";
import type { UnitScope } from "./unit_work.ts";

/** Whether a run makes the file before it goes on with what takes it. */
export async function isToMake(file: FileNode): Promise<boolean> {
  return file.make !== undefined && await ifPresent(Deno.stat(file.path)) === undefined;
}

/** Why a file is made. */
export function missing({ path }: FileNode): Reason {
  return { type: "FILE MISSING", path };
}

/** Makes the missing files of a run, each once for all steps that take it. */
export class MissingFiles {
  readonly #made = new Map<string, Promise<void>>();

  /** Takes what making needs of the run. */
  constructor(private readonly scope: UnitScope) {}

  /** Makes the file if it is missing; it counts and is told as a step of its name. */
  make(file: FileNode): Promise<void> {
    let made = this.#made.get(file.name);
    if (made === undefined) {
      made = this.#make(file);
      this.#made.set(file.name, made);
    }
    return made;
  }

  async #make(file: FileNode): Promise<void> {
    const { name, make } = file;
    if (make === undefined || !await isToMake(file)) return;
    const work = async (context: StepContext) => {
      await make(context);
      if (await ifPresent(Deno.stat(file.path)) !== undefined) return;
      throw new DataError(`Cannot find ${file.path} after file "${name}" was made`, {
        next: "write it there in the file's make function",
      });
    };
    const node: StepNode = { kind: "step", name, inputs: {}, options: {}, run: () => {} };
    const unit = { node, inputs: {}, artifacts: {}, work };
    // The file itself is what is kept, where the pipeline says.
    const scope = { ...this.scope, cache: undefined, written: undefined };
    const { reasonText } = await import("../cache/reasons.ts");
    const { makeUnit } = await import("./make_unit.ts");
    await makeUnit(unit, { step: name }, [reasonText(missing(file))], scope);
  }
}
