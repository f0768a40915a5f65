/**
 * Runs before each test file: takes away what surrounds the tests, and ends one that hangs.
 *
 * A developer's `API_KEYS` or `MLFLOW_TRACKING_URI` must not decide what a test finds, nor send
 * a test's training to a real server. What programs need to run at all stays.
 */

const needed =
  /^(PATH|HOME|USER\w*|LOGNAME|SHELL|TERM|COLORTERM|TZ|TE?MP(DIR)?|LANG|LC_\w+|LD_LIBRARY_PATH|CI|NO_COLOR|SSL_\w+|(NO|HTTPS?|ALL)_PROXY|(DENO|NODE|NPM|PYENV|OPENBLAS|OMP|XDG)_\w+|SYSTEMROOT|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA)$/i;

for (const name of Object.keys(Deno.env.toObject())) {
  if (!needed.test(name)) Deno.env.delete(name);
}
// A proxy leads to the packages' registry; servers that tests start are asked without it.
for (const name of ["NO_PROXY", "no_proxy"]) {
  const others = Deno.env.get(name);
  Deno.env.set(name, `${others === undefined ? "" : `${others},`}127.0.0.1,localhost`);
}

// Test files run side by side in one process: its environment and its working directory are one for
// all of them. So each file has an environment of its own, and the directory stays.
const variables = new Map(Object.entries(Deno.env.toObject()));
Object.assign(Deno.env, {
  get: (name: string) => variables.get(name),
  has: (name: string) => variables.has(name),
  set: (name: string, value: string) => void variables.set(name, value),
  delete: (name: string) => void variables.delete(name),
  toObject: () => Object.fromEntries(variables),
});
Deno.chdir = () => {
  throw new Error("A test changes no working directory; give it a folder, or run a process in one");
};

/** Seconds that a test may take; the long forms may take half an hour. */
const limit = Deno.args.includes("--full") ? 1800 : 420;

let timer: ReturnType<typeof setTimeout> | undefined;

Deno.test.beforeEach(() => {
  timer = setTimeout(() => {
    throw new Error(
      `A test of ${Deno.mainModule} took longer than ${limit} s: the one after the last that is told`,
    );
  }, limit * 1000);
});

Deno.test.afterEach(() => clearTimeout(timer));
