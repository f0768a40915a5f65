/** Retraining by the clock starts when it is due, and goes on after one that could not start. */

import { assert, assertEquals } from "@std/assert";
import { retrainBySchedule } from "../../serve/jobs/scheduled_retraining.ts";
import { waitUntil } from "../wait_until.ts";

Deno.test("retraining by the clock: it starts whenever it is due, left out where it cannot, until the end", async () => {
  const controller = new AbortController();
  let started = 0;
  const leftOut: string[] = [];
  const ended = retrainBySchedule({
    schedule: "TZ=Europe/Berlin * * * * * *", // each second
    start: () => ++started === 1 ? Promise.reject(new Error("one runs")) : Promise.resolve(),
    onLeftOut: (reason) => void leftOut.push(reason),
  }, controller.signal);
  await waitUntil(() => Promise.resolve(started > 1), "two have started");
  controller.abort();
  await ended;
  const before = started;
  assertEquals(leftOut, ["one runs"]);
  assert(before > 1);
  await retrainBySchedule({
    schedule: "",
    start: () => Promise.resolve(started++),
    onLeftOut: () => {},
  }, new AbortController().signal);
  assertEquals(started, before);
});
