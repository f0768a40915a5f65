/** Threads that share out the items of one phase of work after another. */

// Places in the control array.
const claimed = 0;
const published = 1;
const finished = 2;
const phaseAt = 3;
const closed = 4;
const failed = 5;
const sleepers = 6;
const leaderSleeps = 7;
const firstAt = 8;
const places = 9;

/** Looks at a value before a thread sleeps on it: some tens of microseconds, shorter than waking. */
const spins = 4000;

/** Milliseconds after which a helper looks whether the crew is closed. */
const longestSleep = 100;

/** Does item `item` of phase `phase`. Items of a phase may run at once and in any order. */
export type PhaseWork = (phase: number, item: number) => void;

/** A control array, shared by the threads of one crew. */
function crewControl(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));
}

/**
 * Runs phases of work. Helpers, if there are any, take items too: items are
 * claimed one by one, so a helper that comes late or never costs nothing, and
 * the leader can always finish alone.
 *
 * The leader blocks its thread within a phase and only there: between phases no
 * helper holds an item, so it may be ended then without harm.
 */
export class CrewLeader {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #alone: boolean;

  /** Takes the control array that the helpers got, or none if there are no helpers. */
  constructor(private readonly work: PhaseWork, control?: Int32Array<SharedArrayBuffer>) {
    this.#control = control ?? crewControl();
    this.#alone = control === undefined;
  }

  /** Does items 0 to `items − 1` of a phase and returns when all are done. */
  run(phase: number, items: number): void {
    if (this.#alone || items === 1) {
      for (let item = 0; item < items; item++) this.work(phase, item);
      return;
    }
    const control = this.#control;
    // Items are numbered on through all phases: a helper that fell asleep with
    // an old number in hand cannot claim a new item by it.
    const end = (control[published] + items) | 0;
    control[phaseAt] = phase;
    Atomics.store(control, firstAt, control[published]);
    Atomics.store(control, published, end);
    if (Atomics.load(control, sleepers) > 0) Atomics.notify(control, published);
    while (takeItem(control, this.work));
    for (let spin = 0; Atomics.load(control, finished) !== end; spin++) {
      if (spin < spins) continue;
      Atomics.store(control, leaderSleeps, 1);
      const done = Atomics.load(control, finished);
      if (done !== end) Atomics.wait(control, finished, done);
      Atomics.store(control, leaderSleeps, 0);
    }
    if (Atomics.load(control, failed) === 1) throw new Error("A helper of the fit failed");
  }

  /** Sends the helpers home. */
  close(): void {
    Atomics.store(this.#control, closed, 1);
    Atomics.notify(this.#control, published);
  }
}

/**
 * A leader with `helpers` threads beside it, each started by `help`, which runs
 * {@link helpCrew} there. The leader does not need them: one that the pool had
 * no room for, or ended with the pool, is no reason to fail.
 */
export function gatherCrew(
  work: PhaseWork,
  helpers: number,
  help: (control: Int32Array<SharedArrayBuffer>) => Promise<void>,
): CrewLeader {
  if (helpers === 0) return new CrewLeader(work);
  const control = crewControl();
  for (let helper = 0; helper < helpers; helper++) help(control).catch(() => {});
  return new CrewLeader(work, control);
}

/** Takes items until the leader closes the crew. */
export function helpCrew(control: Int32Array<SharedArrayBuffer>, work: PhaseWork): void {
  while (Atomics.load(control, closed) === 0) {
    const seen = Atomics.load(control, published);
    if (takeItem(control, work)) continue;
    let spin = 0;
    while (spin < spins && Atomics.load(control, published) === seen) spin++;
    if (spin < spins) continue;
    Atomics.add(control, sleepers, 1);
    // Not for ever: the leader may close the crew just now, or be ended with its thread.
    Atomics.wait(control, published, seen, longestSleep);
    Atomics.sub(control, sleepers, 1);
  }
}

/** Claims an item and does it; gives false if none is left. */
function takeItem(control: Int32Array<SharedArrayBuffer>, work: PhaseWork): boolean {
  const item = Atomics.load(control, claimed);
  // A difference, so that the numbers may run over.
  if (((Atomics.load(control, published) - item) | 0) <= 0) return false;
  if (Atomics.compareExchange(control, claimed, item, (item + 1) | 0) !== item) return true;
  try {
    // The phase cannot change while one of its items is not done.
    work(control[phaseAt], (item - control[firstAt]) | 0);
  } catch (error) {
    Atomics.store(control, failed, 1);
    throw error;
  } finally {
    Atomics.add(control, finished, 1);
    if (Atomics.load(control, leaderSleeps) === 1) Atomics.notify(control, finished);
  }
  return true;
}
