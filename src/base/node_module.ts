/** Modules of Node, loaded when one is first needed: named in an import, each costs every start 15 ms. */

/** The modules by their names. */
export interface NodeModules {
  /** Who is at work, through all that he waits for. */
  readonly "node:async_hooks": typeof import("node:async_hooks");
  /** The process as packages of Node see it. */
  readonly "node:process": typeof import("node:process");
  /** Digests in pieces. */
  readonly "node:crypto": typeof import("node:crypto");
  /** Lets events in without the delay of a timer. */
  readonly "node:timers": typeof import("node:timers");
  /** Loads a package at once, in the midst of other work. */
  readonly "node:module": typeof import("node:module");
}

/** A module of Node. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return /* @__FOLLOWED__: each caller names one */ process.getBuiltinModule(
    name,
  ) as NodeModules[Name];
}
