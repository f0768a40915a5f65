/** What is known of a pipeline's wiring. */

import type { CodePart } from "./code_part.ts";
import type { Freedom } from "./effects.ts";

/** A piece of code in the wiring function, and where it stands. */
export interface WiredPart {
  readonly code: CodePart;
  /** Where it stands; -1 for a function, which is there from the beginning. */
  readonly at: number;
}

/** One call of the builder. */
export interface NodeFacts extends WiredPart {
  /** Name of the step where it is written out. */
  readonly name: string;
  /** The list that a fan-out runs over. */
  readonly items?: CodePart;
  /** Whether it is made in any case. */
  readonly certain: boolean;
}

/** Code of the wiring function beside the builder's calls. */
export interface WiringCode extends WiredPart {
  /** The variables that it declares, by number. */
  readonly locals: readonly number[];
  /** When running it has no effect beside making its value: then it counts for its readers. */
  readonly load: Freedom;
  /** Whether functions of the wiring make what it declares, and may change it later. */
  readonly makes?: true;
  /** Functions and classes of the module that make what it declares. */
  readonly makers?: readonly string[];
}

/** How a pipeline's file wires it. */
export interface PipelineFacts {
  /** The steps whose names are written out. */
  readonly nodes: readonly NodeFacts[];
  /** Everything else that the wiring function does. */
  readonly rest: readonly WiringCode[];
  /** Whether there are others, whose names are not written out. */
  readonly dynamic: boolean;
  /** Parameters that the wiring mentions anywhere; `*` for all. */
  readonly mentioned: readonly string[];
  /** All of it, for steps that are declared in a way that cannot be followed. */
  readonly whole: CodePart;
}
