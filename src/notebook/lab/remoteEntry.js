/** What JupyterLab loads: it hands over the modules that it shares, and asks for the plugins. */

(() => {
  const base = document.currentScript.src;
  let shared = {};
  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB.dinoflow = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const { plugins } = await import(new URL("plugins.js", base).href);
      const module = async (name) => (await Object.values(shared[name])[0].get())();
      const found = await plugins(base, module);
      return () => ({ __esModule: true, default: found });
    },
  };
})();
