import { assert, assertEquals, assertMatch } from "@std/assert";
import { setColorEnabled } from "@std/fmt/colors";
import type { RunEvent } from "../../src/pipeline/mod.ts";
import { TerminalView } from "../../src/pipeline_cli/view/terminal_view.ts";
import { Screen } from "./screen.ts";

const at = "2026-01-31T09:30:00.000Z";

/** A view on a screen with a clock that the test moves. */
function open(columns: number, rows?: number) {
  setColorEnabled(false);
  const screen = new Screen(columns, rows);
  let time = 0;
  const view = new TerminalView({
    results: screen,
    notes: screen,
    quiet: false,
    trace: false,
    now: () => time,
  }, false);
  const show = (event: Record<string, unknown>, ms = 100) => {
    time += ms;
    view.show({ at, ...event } as RunEvent);
  };
  show({
    type: "run_started",
    run: "r",
    pipeline: "p",
    params: {},
    steps: [{ name: "load" }, { name: "train", items: 4 }],
  });
  return { screen, show, view };
}

Deno.test("terminal view: a bar with the remaining time, redrawn in place", () => {
  const { screen, show } = open(80);
  show({ type: "step_started", step: "load", attempt: 1 });
  show({ type: "step_progress", step: "load", done: 0.25, label: "reading" }, 10_000);
  assertEquals(screen.lines.length, 1);
  assertMatch(screen.lines[0], /^load █{6}░{18} {2}25 % {2}30\.0 s left {2}reading$/);
  show({ type: "step_progress", step: "load", done: 0.5 }, 10_000);
  assertMatch(screen.lines[0], /^load █{12}░{12} {2}50 % {2}20\.0 s left/);
  show({ type: "step_finished", step: "load", status: "ran", seconds: 20 });
  assertEquals(screen.lines, ["✓ load: done (20.0 s)"]);
});

Deno.test("terminal view: one line for a fan-out, with its items and what they have done", () => {
  const { screen, show } = open(80);
  show({ type: "step_started", step: "train", attempt: 1 });
  show({ type: "step_started", step: "train", item: "a", attempt: 1 });
  show({ type: "step_started", step: "train", item: "b", attempt: 1 });
  show({ type: "step_progress", step: "train", item: "b", done: 0.5, label: "fold 3" });
  show({ type: "step_finished", step: "train", item: "a", status: "ran", seconds: 1 });
  show({ type: "step_progress", step: "train", done: 0.25 });
  assertEquals(screen.lines.length, 1);
  assertMatch(screen.lines[0], /^train 1\/4 █{9}░{15} {2}37 % .* left {2}fold 3$/);
});

Deno.test("terminal view: result lines print above the bars and stay in order", () => {
  const { screen, show, view } = open(60);
  show({ type: "step_started", step: "load", attempt: 1 });
  show({ type: "log", step: "load", text: "first result" });
  show({ type: "warning", step: "load", text: "careful" });
  show({ type: "log", step: "load", text: "second result" });
  show({ type: "step_progress", step: "load", done: 0.1 });
  assertEquals(screen.lines.slice(0, 3), ["first result", "warning: careful", "second result"]);
  assertMatch(screen.lines[3], /^load /);
  assertEquals(screen.lines.length, 4);
  view.close();
  assertEquals(screen.lines.length, 3);
});

Deno.test("terminal view: bars never wrap, whatever the width", () => {
  for (const columns of [8, 15, 20, 25, 33, 40, 79, 200]) {
    const { screen, show } = open(columns);
    show({ type: "step_started", step: "train", attempt: 1 });
    for (let i = 1; i <= 20; i++) {
      show({ type: "step_progress", step: "train", done: i / 20, label: "a rather long label" });
    }
    assertEquals(screen.lines.length, 1, `at ${columns} columns: ${screen.lines.join("|")}`);
    assert(screen.lines[0].length < columns);
  }
});

Deno.test("terminal view: more bars than rows end in a line that counts the rest", () => {
  const { screen, show } = open(40, 6);
  for (let i = 0; i < 10; i++) show({ type: "step_started", step: `step${i}`, attempt: 1 });
  assertEquals(screen.lines.length, 4);
  assertEquals(screen.lines[3], "and 7 more");
});

Deno.test("terminal view: many events make few drawings, each one write", () => {
  const { screen, show } = open(80);
  show({ type: "step_started", step: "load", attempt: 1 });
  const before = screen.writes;
  for (let i = 0; i < 1000; i++) show({ type: "step_progress", step: "load", done: i / 1000 }, 1);
  assert(screen.writes - before <= 1000 / 80 + 1, `${screen.writes - before} writes`);
});

Deno.test("terminal view: a failure shows its error and what to do next", () => {
  const { screen, show } = open(80);
  show({ type: "step_started", step: "load", attempt: 1 });
  const error = { name: "DataError", message: "Cannot read it", next: "give another" };
  show({ type: "step_finished", step: "load", status: "failed", seconds: 2, error });
  assertEquals(screen.lines, [
    "load: FAILED (2.0 s)",
    "error: Cannot read it",
    "next: give another",
  ]);
});
