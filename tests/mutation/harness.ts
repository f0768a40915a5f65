/**
 * Runs the tests of one file again and again in one process, each time with another mutant.
 *
 *     deno run -A --no-check harness.ts note FILE RESULTS [PLACE…]  # which test reaches which mutant
 *     deno run -A --no-check harness.ts try FILE RESULTS JOBS       # whether a test notices each
 *
 * PLACEs are tests that are left out, as they take too long.
 * RESULTS gets a line of JSON as soon as something is known, so that whoever started this sees
 * which mutant made it hang. After a mutant was noticed, the same test must pass without it:
 * where it does not, the mutant has left something behind, and the process ends to be started anew.
 */

import { setMutant, takeNoted } from "./switch.ts";

type Body = (context: Deno.TestContext) => void | Promise<void>;

interface Case {
  readonly name: string;
  readonly body: Body;
}

const [mode, file, results, jobs, ...others] = Deno.args;
const cases: Case[] = [];

/** Takes the tests of a file instead of running them. */
function collect(...args: unknown[]): void {
  const body = args.findLast((one) => typeof one === "function") as Body | undefined;
  const options = args.find((one) => typeof one === "object") as
    | { name?: string; fn?: Body; ignore?: boolean }
    | undefined;
  const name = args.find((one) => typeof one === "string") as string | undefined;
  if (options?.ignore === true) return;
  cases.push({ name: name ?? options?.name ?? body!.name, body: body ?? options!.fn! });
}

const nothing = () => {};
Object.defineProperty(Deno, "test", {
  value: Object.assign(collect, {
    ...{ ignore: nothing, only: collect, sanitizer: nothing },
    ...{ beforeAll: nothing, afterAll: nothing, beforeEach: nothing, afterEach: nothing },
  }),
});

let stray: unknown;
for (const kind of ["error", "unhandledrejection"]) {
  globalThis.addEventListener(kind, (event) => {
    event.preventDefault();
    stray = (event as ErrorEvent).error ?? (event as PromiseRejectionEvent).reason ?? event;
  });
}
Deno.exit = ((code?: number) => {
  throw new Error(`A test ended the process with ${code}`);
}) as typeof Deno.exit;

class Steps implements Partial<Deno.TestContext> {
  failed: unknown;
  constructor(readonly name: string, readonly origin: string) {}

  async step(...args: unknown[]): Promise<boolean> {
    const options = args.find((one) => typeof one === "object") as
      | { name: string; fn: Body; ignore?: boolean }
      | undefined;
    if (options?.ignore === true) return false;
    const body = args.findLast((one) => typeof one === "function") as Body ?? options!.fn;
    try {
      await body(this as unknown as Deno.TestContext);
      return true;
    } catch (error) {
      this.failed ??= error ?? "nothing was thrown";
      return false;
    }
  }
}

/** What a test fails with, nothing if it passes. */
async function failureOf({ name, body }: Case): Promise<unknown> {
  stray = undefined;
  const context = new Steps(name, file);
  try {
    await body(context as unknown as Deno.TestContext);
  } catch (error) {
    return error ?? "nothing was thrown";
  }
  return context.failed ?? stray;
}

function tell(line: unknown): void {
  Deno.writeTextFileSync(results, JSON.stringify(line) + "\n", { append: true });
}

await import("../preload.ts");
await import(`file://${file}`);

if (mode === "note") {
  const notes = Deno.env.get("DENO_MUTANT_NOTES")!;
  const outside = () => {
    const ids = Deno.readTextFileSync(notes).split("\n").filter(Boolean).map(Number);
    Deno.truncateSync(notes);
    return ids;
  };
  tell({ load: [...new Set([...takeNoted(), ...outside()])] });
  const slow = new Set([jobs, ...others].map(Number));
  for (const [place, one] of cases.entries()) {
    if (slow.has(place)) continue;
    tell({ begins: place, name: one.name });
    const begin = performance.now();
    const failure = await failureOf(one);
    tell({
      place,
      name: one.name,
      failure: failure === undefined ? undefined : String(failure).slice(0, 300),
      milliseconds: performance.now() - begin,
      reached: [...new Set([...takeNoted(), ...outside()])],
    });
  }
} else {
  for (
    const { id, tests } of JSON.parse(await Deno.readTextFile(jobs)) as {
      id: number;
      tests: number[];
    }[]
  ) {
    tell({ id, begun: true });
    setMutant(id);
    let noticed: number | undefined;
    for (const place of tests) {
      if (await failureOf(cases[place]) !== undefined) {
        noticed = place;
        break;
      }
    }
    setMutant(0);
    if (noticed === undefined) tell({ id, survived: true });
    else if (await failureOf(cases[noticed]) === undefined) {
      tell({ id, killed: cases[noticed].name });
    } else {
      tell({ id, unclear: cases[noticed].name });
      break;
    }
  }
}
tell({ end: true });
// Open servers or timers that a mutant left behind must not keep the process.
Deno.kill(Deno.pid, "SIGKILL");
