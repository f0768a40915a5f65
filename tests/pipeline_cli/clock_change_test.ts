/** Schedules on the days on which clocks are changed, by cron's rules. */

import { assert, assertEquals } from "@std/assert";
import { Timetable } from "../../src/timetable/mod.ts";
import { schedule } from "../../src/pipeline_cli/schedule/scheduler.ts";
import { ScheduleState } from "../../src/pipeline_cli/schedule/schedule_state.ts";
import type { UntimedScheduleEvent } from "../../src/pipeline_cli/mod.ts";
import { ManualClock } from "./manual_clock.ts";

/** The times of a pattern in a span of UTC, its end included. */
function times(cron: string, timeZone: string, from: string, to: string): string[] {
  const table = new Timetable("p", { cron, timeZone });
  const found: string[] = [];
  for (let at = table.next(new Date(from))!; at <= new Date(to); at = table.next(at)!) {
    assert(found.length < 2000, "it does not come to an end");
    found.push(at.toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

const cases: [what: string, cron: string, zone: string, from: string, to: string, string[]][] = [
  [
    "a time that is left out comes when the clock is put forward",
    ...["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-30T12:00Z"] as const,
    ["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "the same in New York",
    ...["30 2 * * *", "America/New_York", "2026-03-07T12:00Z", "2026-03-09T12:00Z"] as const,
    ["2026-03-08T07:00Z", "2026-03-09T06:30Z"],
  ],
  [
    "several that are left out come once",
    ...["0,20,40 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"] as const,
    ["2026-03-29T01:00Z"],
  ],
  [
    "a time that is there twice comes once",
    ...["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T12:00Z"] as const,
    ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ],
  [
    "the same in New York",
    ...["30 1 * * *", "America/New_York", "2026-10-31T12:00Z", "2026-11-02T12:00Z"] as const,
    ["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
  ],
  [
    "a start in the second of the two hours does not run it again",
    ...["30 2 * * *", "Europe/Berlin", "2026-10-25T01:10Z", "2026-10-26T12:00Z"] as const,
    ["2026-10-26T01:30Z"],
  ],
  [
    "a start in the first of the two hours does",
    ...["30 2 * * *", "Europe/Berlin", "2026-10-25T00:10Z", "2026-10-25T12:00Z"] as const,
    ["2026-10-25T00:30Z"],
  ],
  [
    "every hour leaves none out in autumn",
    ...["0 * * * *", "Europe/Berlin", "2026-10-24T22:59Z", "2026-10-25T03:00Z"] as const,
    [23, 0, 1, 2, 3].map((hour) =>
      `2026-10-${hour === 23 ? 24 : 25}T${String(hour).padStart(2, "0")}:00Z`
    ),
  ],
  [
    "nor one twice in spring",
    ...["0 * * * *", "Europe/Berlin", "2026-03-28T23:30Z", "2026-03-29T03:00Z"] as const,
    ["2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z", "2026-03-29T03:00Z"],
  ],
  [
    "a time before the change stays what it is",
    ...["59 1 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"] as const,
    ["2026-03-29T00:59Z"],
  ],
  [
    "the moment of the change itself",
    ...["0 3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"] as const,
    ["2026-03-29T01:00Z"],
  ],
  [
    "the first moment after the repeated hour",
    ...["0 3 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T12:00Z"] as const,
    ["2026-10-25T02:00Z"],
  ],
  [
    "Lord Howe, put forward by half an hour at 2:00",
    ...["15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-04T23:00Z"] as const,
    ["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
  ],
  [
    "Lord Howe, put back by half an hour at 2:00",
    ...["45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00Z", "2026-04-05T23:00Z"] as const,
    ["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
  ],
  [
    "every half hour at Lord Howe",
    ...["*/30 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00Z", "2026-04-04T16:00Z"] as const,
    ["2026-04-04T14:30Z", "2026-04-04T15:00Z", "2026-04-04T15:30Z", "2026-04-04T16:00Z"],
  ],
  [
    "Santiago has no midnight in spring",
    ...["0 0 * * *", "America/Santiago", "2026-09-05T12:00Z", "2026-09-07T12:00Z"] as const,
    ["2026-09-06T04:00Z", "2026-09-07T03:00Z"],
  ],
  [
    "Sydney in autumn",
    ...["30 2 * * *", "Australia/Sydney", "2026-04-04T00:00Z", "2026-04-05T23:00Z"] as const,
    ["2026-04-04T15:30Z", "2026-04-05T16:30Z"],
  ],
];

for (const [what, cron, zone, from, to, wanted] of cases) {
  Deno.test(`clock change: ${what} (${cron} ${zone} ${from.slice(0, 10)})`, () => {
    assertEquals(times(cron, zone, from, to), wanted);
  });
}

Deno.test("clock change: a time of the day comes once a day all year, wherever it is", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland"];
  for (const zone of [...zones, "Africa/Casablanca"]) {
    for (const cron of ["30 2 * * *", "0 0 * * *"]) {
      const found = times(cron, zone, "2025-12-31T12:00Z", "2026-12-31T12:00Z");
      const days = found.map((time) =>
        new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(time))
      );
      assertEquals([days.length, new Set(days).size], [365, 365], `${cron} ${zone}`);
    }
    const hours = times("0 * * * *", zone, "2026-03-20T00:00Z", "2026-04-10T00:00Z");
    const step = hours.map((time, i) => i && Date.parse(time) - Date.parse(hours[i - 1])).slice(1);
    assert(step.every((ms) => ms <= 5400_000 && ms >= 1800_000), `an hour is left out in ${zone}`);
  }
});

/** What a scheduler tells from one time to another; every run succeeds at once. */
async function told(cron: string, timeZone: string, from: string, to: string) {
  const folder = await Deno.makeTempDir();
  const clock = new ManualClock(from);
  const stop = new AbortController();
  const events: UntimedScheduleEvent[] = [];
  const given = { cron, timeZone };
  {
    using state = await ScheduleState.open(folder);
    const done = schedule({
      pipelines: [{ name: "p", schedule: given, timetable: new Timetable("p", given) }],
      clock,
      state,
      signal: stop.signal,
      emit: (event) => void events.push(event),
      run: () => Promise.resolve({ status: "succeeded", exitCode: 0 }),
    });
    for (let rounds = 0; clock.now() < new Date(to); rounds++) {
      assert(rounds < 100, "the scheduler does not come on");
      await clock.step();
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
    }
    stop.abort();
    await done;
  }
  await Deno.remove(folder, { recursive: true });
  return events.flatMap((event) =>
    "due" in event ? [`${event.type} ${event.due.slice(5, 16)}`] : []
  );
}

Deno.test("clock change: the scheduler runs what is left out, and calls nothing missed", async () => {
  const [from, to] = ["2026-03-29T00:30:00Z", "2026-03-30T00:30:00Z"];
  const wanted = ["03-29T01:00", "03-30T00:30"];
  assertEquals(
    await told("30 2 * * *", "Europe/Berlin", from, to),
    wanted.flatMap((time) => [`run_started ${time}`, `run_finished ${time}`]),
  );
});

Deno.test("clock change: a scheduler that starts in a repeated hour tells a line for each run", async () => {
  const zones = [
    ["Europe/Berlin", "2026-10-25T01:10:00Z", "2026-10-25T03:00:00Z", "10-25T02:00", "10-25T03:00"],
    [
      "America/New_York",
      "2026-11-01T06:10:00Z",
      "2026-11-01T08:00:00Z",
      "11-01T07:00",
      "11-01T08:00",
    ],
  ];
  for (const [zone, from, to, ...wanted] of zones) {
    assertEquals(
      await told("0 * * * *", zone, from, to),
      wanted.flatMap((time) => [`run_started ${time}`, `run_finished ${time}`]),
    );
  }
});
