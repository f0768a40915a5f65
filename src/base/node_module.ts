/** Modules of Node, loaded when one is first needed: named in an import, each costs every start 15 ms. */

interface NodeModules {
  "node:crypto": typeof import("node:crypto");
  "node:module": typeof import("node:module");
  "node:process": typeof import("node:process");
}

/** A module of Node. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return process.getBuiltinModule(name) as NodeModules[Name];
}
