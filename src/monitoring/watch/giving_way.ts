/**
 * Work beside others that must not feel it. A low priority alone is felt: some of those who wake up
 * wait for milliseconds until it is taken off their core, under Linux's idle class as at niceness
 * 19, and all find cold caches. So it works in short turns, between which it waits, as long as the
 * machine does more than a little else: what happens in half a hundredth of the time does not move a
 * 99th percentile, and is enough for some thousand lines of a log a second.
 */

import { cpus } from "node:os";
import process from "node:process";
import { wait } from "../../base/mod.ts";

/** Processor time so far, in milliseconds. */
export interface ProcessorTime {
  /** Cores of the machine. */
  readonly cores: number;
  /** Of all processes. */
  readonly all: number;
  /** Of this process. */
  readonly own: number;
}

/** What it goes by. */
export interface World {
  readonly taken: () => ProcessorTime;
  /** Milliseconds of a clock. */
  readonly now: () => number;
  readonly wait: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** What this machine and this process took. */
export function processorTime(): ProcessorTime {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  const { user, system } = process.cpuUsage();
  return { cores: times.length, all, own: (user + system) / 1000 };
}

const here: World = { taken: processorTime, now: () => performance.now(), wait };

/**
 * Milliseconds of a turn, after which others are looked at: while they are busy, and else. One that is
 * longer than what others take would be seen in their 99th percentile, however seldom it comes.
 */
const [TURN_MS, FREE_MS] = [2, 100];
/** The share of one core that is taken while others are busy. */
const SHARE = 0.005;
/** Others are busy if they take more than this share of all cores. */
const BUSY = 1 / 8;
/** Processor time that is not asked about: a look at few lines is over before anybody feels it. */
const FREE_WORK_MS = 1000;
/** Waits altogether at most so long: then it goes on, however busy others are. */
const MOST_WAITED_MS = 600_000;

/** Works in turns while others are busy. */
export class GivingWay {
  /** What had been taken when the last turn ended. */
  #before: ProcessorTime & { readonly at: number };
  #endsAt: number;
  #free = FREE_WORK_MS;
  #waited = 0;

  constructor(private readonly world: World = here) {
    const at = world.now();
    this.#before = { ...world.taken(), at };
    this.#endsAt = at + FREE_MS;
  }

  /**
   * Waits if a turn is over and others are busy; to be called between small pieces of work.
   *
   * @throws the signal's reason when it is aborted.
   */
  async turn(signal: AbortSignal): Promise<void> {
    const { now, taken, wait } = this.world;
    if (now() < this.#endsAt) return;
    const [before, after] = [this.#before, { ...taken(), at: now() }];
    this.#before = after;
    const worked = after.own - before.own;
    const others = (after.all - before.all - worked) / (after.at - before.at);
    const isBusy = others > BUSY * after.cores;
    const owed = Math.max(0, worked - this.#free) * (1 / SHARE - 1);
    this.#free = Math.max(0, this.#free - worked);
    const pause = isBusy ? Math.min(owed, MOST_WAITED_MS - this.#waited) : 0;
    this.#waited += pause;
    if (pause > 0) await wait(pause / 1000, signal);
    this.#endsAt = now() + (isBusy ? TURN_MS : FREE_MS);
  }
}
