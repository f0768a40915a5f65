/** Modules of Node that load code. */

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
