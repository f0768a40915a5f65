/** What loads code, or runs it from text, by names that no reader follows. */

/** What loads code, or runs it from text, of the modules of Node. */
const loaders: Readonly<Record<string, RegExp>> = {
  module: /^(createRequire|default|register|registerHooks|runMain|\*)$/,
  vm: /./,
  repl: /./,
  worker_threads: /^(Worker|default|\*)$/,
};

/** Whether a name of a module of Node loads code, or all of the module is asked for. */
export function isLoader(specifier: string, name: string): boolean {
  return /^node:/.test(specifier) && (loaders[specifier.slice(5)]?.test(name) ?? false);
}

/** Names of the language through which code comes that no reader sees, and of their kin. */
export const unseenCode: Readonly<Record<string, string>> = {
  eval: "eval",
  Function: "new Function",
  require: "require",
  importScripts: "importScripts",
  Worker: "new Worker(…) of a name",
  SharedWorker: "new SharedWorker",
};

/** The same for properties, whatever has them. */
export const unseenProperties: Readonly<Record<string, string>> = {
  createRequire: "createRequire",
  getBuiltinModule: "getBuiltinModule",
};

/** What is said of a name, if it is one of these. */
export function named(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
