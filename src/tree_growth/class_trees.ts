/** The trees of a round side by side: of a few rows, a thread grows the whole tree of a class. */

import { deriveSeed, Random, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { Tree } from "../trees/mod.ts";
import { blockRows, type BoostingMemory, layOutMemory } from "./boosting_memory.ts";
import { boostingWork, phases, treeAt } from "./boosting_work.ts";
import { GradientTreeGrower, type GrowthLimits } from "./gradient_grower.ts";
import { CrewLeader, gatherCrew, helpCrew, type PhaseWork } from "./thread_team.ts";

/** How the trees of all classes are grown; plain data that workers share. */
export interface ClassTrees {
  /** Scores and gradients of all classes; its other parts are of one tree and used by nobody. */
  readonly memory: BoostingMemory;
  /** Limits of trees, and the share of the columns that each may use. */
  readonly limits: GrowthLimits & { readonly colsample: number };
  /** Seed of the columns. */
  readonly seed: number;
}

/** A tree that a thread has grown. */
export interface GrownClassTree {
  /** Which of all trees of the boosting it is. */
  readonly place: number;
  /** The tree. */
  readonly tree: Tree;
  /** Gain by column. */
  readonly gains: Float64Array;
}

/** The phase of whole trees, an item of which is a class; the round is told beside the gradients. */
const classTreesPhase = 100;

/** A helper: it gives the trees that it has grown once the leader closes the crew. */
export const helpClassTreesTask: Task<
  { readonly problem: ClassTrees; readonly control: Int32Array<SharedArrayBuffer> },
  readonly GrownClassTree[]
> = task(import.meta.url, "helpClassTreesTask", ({ problem, control }) => {
  const grown: GrownClassTree[] = [];
  helpCrew(control, classTreesWork(problem, grown));
  return grown;
});

/** The work of a thread, which keeps the trees that it grows in `grown`. */
function classTreesWork(
  { memory, limits, seed }: ClassTrees,
  grown: GrownClassTree[],
): PhaseWork {
  const { margins, gradients, blockSums, binned, base, tree } = memory;
  const ofAll = boostingWork(memory);
  let own: { readonly memory: BoostingMemory; readonly grower: GradientTreeGrower } | undefined;
  return (phase, item) => {
    if (phase !== classTreesPhase) return ofAll(phase, item);
    if (own === undefined) {
      const ofTree = { ...layOutMemory(memory), margins, gradients, blockSums };
      const crew = new CrewLeader(boostingWork(ofTree));
      own = { memory: ofTree, grower: new GradientTreeGrower(ofTree, crew, limits) };
    }
    const round = tree[treeAt.round];
    drawColumns(own.memory.allowed, limits.colsample, deriveSeed(seed, round, item + 1));
    const gains = new Float64Array(binned.columns);
    grown.push({
      place: round * base.length + item,
      tree: own.grower.grow(item, gains),
      gains,
    });
  };
}

/** Threads that grow the trees of all classes. */
export class ClassTreeCrew {
  readonly #grown: GrownClassTree[] = [];
  readonly #helped: Promise<unknown>[] = [];
  readonly #crew: CrewLeader;

  /** Calls the pool's workers, as many as there are classes to share. */
  constructor(private readonly problem: ClassTrees, pool: WorkerPool) {
    const { length: classes } = problem.memory.base;
    const work = classTreesWork(problem, this.#grown);
    this.#crew = gatherCrew(work, Math.min(pool.size, classes) - 1, async (control) => {
      const helped = pool.run(helpClassTreesTask, { problem, control })
        .then((own) => this.#grown.push(...own));
      this.#helped.push(helped);
      await helped;
    });
  }

  /** Grows the trees of a round, the first is 0, on the rows that `rowSeed` draws. */
  grow(round: number, rowSeed: number): void {
    const { tree, base, binned } = this.problem.memory;
    tree[treeAt.round] = round;
    tree[treeAt.seed] = rowSeed;
    this.#crew.run(phases.gradients, Math.ceil(binned.rows / blockRows));
    this.#crew.run(classTreesPhase, base.length);
  }

  /** Sends the helpers home. */
  close(): void {
    this.#crew.close();
  }

  /**
   * The `count` trees that were grown, in order, once the crew is closed; undefined if a helper
   * was ended with its pool and took its trees along. One that the pool had no room for has grown
   * none, and nobody waits for it.
   */
  async trees(count: number): Promise<readonly GrownClassTree[] | undefined> {
    const whole = await new Promise<boolean>((resolve) => {
      const look = () => this.#grown.length === count && resolve(true);
      look();
      for (const helped of this.#helped) helped.then(look, () => resolve(false));
    });
    return whole ? this.#grown.sort((a, b) => a.place - b.place) : undefined;
  }
}

/** Draws the columns that a tree may use. */
export function drawColumns(allowed: Uint8Array, share: number, seed: number): void {
  if (share === 1) return;
  const columns = new Random(seed).shuffle(Int32Array.from(allowed, (_, j) => j));
  allowed.fill(0);
  const count = Math.max(1, Math.round(share * columns.length));
  for (const j of columns.subarray(0, count)) allowed[j] = 1;
}
