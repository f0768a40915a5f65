import { assert, assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { UsageError } from "../../src/base/mod.ts";
import {
  type Builder,
  type EventOf,
  type Handle,
  type Outcome,
  pipeline,
  type RunEvent,
  type RunOptions,
  runPipeline,
} from "../../src/pipeline/mod.ts";

type Build = (builder: Builder<Record<never, never>>) => Handle<Outcome> | void;

async function run(build: Build, options: RunOptions = {}) {
  const events: RunEvent[] = [];
  const declared = pipeline(
    "p",
    { description: "", params: z.object({}), cache: false },
    build,
  );
  const result = await runPipeline(declared, {
    grace: 1,
    ...options,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { result, events };
}

function of<Type extends RunEvent["type"]>(events: RunEvent[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

const logs = (events: RunEvent[]) => of(events, "log").map(({ text }) => text);

/** A gate that opens when `count` callers wait at it; only parallel callers pass. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (--count === 0) resolve();
    return promise;
  };
}

Deno.test("run: independent steps and items run at the same time", async () => {
  const meet = meeting(4);
  const { result } = await run(({ step, each }) => {
    step("a", meet);
    step("b", meet);
    each("c", ["x", "y"], meet);
  }, { jobs: 4 });
  assertEquals(result.status, "succeeded");
});

Deno.test("run: no more cores are taken than there are jobs, and wide steps wait for theirs", async () => {
  let busy = 0;
  let most = 0;
  const work = (cores: number) => async () => {
    busy += cores;
    most = Math.max(most, busy);
    await new Promise((resolve) => setTimeout(resolve, 5));
    busy -= cores;
  };
  const { result } = await run(({ step, each }) => {
    each("narrow", [1, 2, 3, 4, 5], work(1));
    step("wide", {}, work(2), { resources: { cores: 2 } });
    step("widest", {}, work(3), { resources: { cores: 64 } });
  }, { jobs: 3 });
  assertEquals([result.status, most], ["succeeded", 3]);
});

Deno.test("run: results of a fan-out keep the order of its items", async () => {
  const { events } = await run(({ step, each }) => {
    const delays = each("delay", [30, 1, 15], async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    });
    step("print", { delays }, ({ delays }, { log }) => log(delays.join()));
  }, { jobs: 3 });
  assertEquals(logs(events), ["30,1,15"]);
  const finished = of(events, "step_finished").map(({ step, item }) => item ?? step);
  assertEquals(finished, ["1", "15", "30", "delay", "print"]);
});

Deno.test("run: an empty fan-out gives an empty list", async () => {
  const { events } = await run(({ step, each }) => {
    const none = each("none", [] as string[], (item) => item);
    step("print", { none }, ({ none }, { log }) => log(`${none.length} items`));
  });
  assertEquals(logs(events), ["0 items"]);
});

Deno.test("run: a failure stops steps, lets items end, starts nothing more, is told once", async () => {
  let started = 0;
  const failed = Promise.withResolvers<void>();
  const { result, events } = await run(({ step, each }) => {
    step("sibling", (context) =>
      new Promise<void>((resolve) => {
        context.signal.addEventListener("abort", () => resolve());
      }));
    each("items", Array.from({ length: 50 }, (_, i) => i), async (i, { signal }) => {
      started++;
      if (i === 1) throw new Error("item 1 is broken");
      await failed.promise;
      assert(!signal.aborted, "an item at work is told to stop");
    });
  }, {
    jobs: 3,
    onEvent: (event) => void (event.type === "step_finished" && event.error && failed.resolve()),
  });
  assertEquals([result.status, result.exitCode, started], ["failed", 1, 2]);
  assertEquals(result.failure?.unit, { step: "items", item: "1" });
  const ends = of(events, "step_finished");
  assertEquals(ends.filter(({ error }) => error !== undefined).length, 1);
  assertEquals(ends.find(({ step }) => step === "sibling")?.status, "cancelled");
  assertEquals(ends.find(({ item }) => item === "0")?.status, "ran");
});

Deno.test("run: an interrupt cancels steps and closes resources, last opened first", async () => {
  const interrupt = new AbortController();
  const { result, events } = await run(({ step, resource }) => {
    const shared = (name: string) =>
      resource(name, {
        open: () => name,
        close: (value, { status, log }) => log(`${value} ${status}`),
      });
    const [first, second, unused] = [shared("first"), shared("second"), shared("unused")];
    const before = step("before", { first }, ({ first }) => first);
    const wait = step("wait", { before, second }, (_, { signal }) => {
      interrupt.abort();
      return new Promise<void>((_, reject) => {
        if (signal.aborted) reject(signal.reason);
      });
    });
    step("after", { unused, wait }, () => new Promise<void>(() => {}));
  }, { jobs: 1, signal: interrupt.signal });
  assertEquals([result.status, result.exitCode], ["cancelled", 130]);
  assertEquals(logs(events), ["second cancelled", "first cancelled"]);
});

Deno.test("run: a resource that cannot be opened fails the step; one that cannot be closed, the run", async () => {
  const opening = await run(({ step, resource }) => {
    const broken = resource("broken", {
      open: (): number => {
        throw new Error("no connection");
      },
    });
    step("use", { broken }, ({ broken }) => broken);
  });
  assertEquals(opening.result.failure?.unit, { step: "use" });
  const closing = await run(({ step, resource }) => {
    const broken = resource("broken", {
      open: () => 1,
      close: () => Promise.reject(new Error("connection lost")),
    });
    step("use", { broken }, ({ broken }) => broken);
  });
  assertEquals(closing.result.status, "failed");
  assertEquals(of(closing.events, "warning")[0].text, "Cannot close broken: connection lost");
});

Deno.test("run: a step is tried again as often as it may", async () => {
  let tries = 0;
  const flaky = () => {
    if (++tries < 3) throw new Error("not yet");
    return tries;
  };
  const good = await run(({ step }) => void step("flaky", {}, flaky, { retries: 2 }));
  assertEquals([good.result.status, tries], ["succeeded", 3]);
  assertEquals(of(good.events, "step_retried").length, 2);
  tries = 0;
  const bad = await run(({ step }) => void step("flaky", {}, flaky, { retries: 1 }));
  assertEquals([bad.result.status, tries], ["failed", 2]);
});

Deno.test("run: a step that takes too long is stopped and fails by name", async () => {
  let stopped = false;
  const { result } = await run(({ step }) => {
    step("slow", {}, (_, { signal }) =>
      new Promise<void>(() => {
        signal.addEventListener("abort", () => stopped = true);
      }), { timeout: 0.02 });
  });
  assert(stopped);
  assertEquals(
    (result.failure?.error as Error).message,
    "Cannot finish step slow within 0.02 s",
  );
});

Deno.test("run: an output is checked against its schema where it is made", async () => {
  const { result } = await run(({ step }) => {
    const share = z.object({ share: z.number().max(1) });
    step("measure", {}, () => ({ share: 1.5 }), { output: share });
  });
  assertEquals(result.failure?.unit.step, "measure");
  assert((result.failure?.error as Error).message.includes("share: Too big"));
});

Deno.test("run: a step that ignores the stop does not hold the run for ever", async () => {
  const interrupt = new AbortController();
  const { result } = await run(({ step }) => {
    step("deaf", () => {
      interrupt.abort();
      return new Promise<void>(() => {});
    });
  }, { signal: interrupt.signal });
  assertEquals(result.status, "cancelled");
});

Deno.test("run: parameters and jobs that do not fit are refused before anything runs", async () => {
  const declared = pipeline("p", {
    description: "",
    params: z.object({ folds: z.number().int().min(2).default(5) }),
  }, ({ step }) => void step("a", () => 1));
  await assertRejects(() => runPipeline(declared, { params: { folds: 1 } }), UsageError, "folds");
  await assertRejects(() => runPipeline(declared, { params: { fold: 3 } }), UsageError, '"fold"');
  await assertRejects(() => runPipeline(declared, { jobs: 0 }), UsageError, "0 cores");
});

Deno.test("run: progress is told in order, once for each step of a thousandth", async () => {
  const { events } = await run(({ step }) => {
    step("count", ({ progress }) => {
      for (let i = 0; i <= 100_000; i++) progress(i / 100_000);
    });
  });
  const shares = of(events, "step_progress").map(({ done }) => done);
  assert(shares.length <= 1001, `${shares.length} events`);
  assertEquals(shares.at(-1), 1);
  assertEquals(shares, [...shares].sort((a, b) => a - b));
});
