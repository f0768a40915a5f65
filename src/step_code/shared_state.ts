/** State outside of the pipeline that one step changes and another may see. */

import type { StepCode } from "./step_code.ts";

/** What is asked of a step. */
export interface StateUser {
  /** Name of the step. */
  readonly name: string;
  /** Whether it runs for several items, which share the state as steps do. */
  readonly several: boolean;
  /** The code that it reaches. */
  readonly code: StepCode;
}

/**
 * What each step shares with others, or its items with each other, and some of them change. None of
 * them may be taken from the cache: that would leave out the change, or not see it.
 */
export function sharedState(users: readonly StateUser[]): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, number>();
  const changed = new Set<string>();
  for (const { several, code: { state } } of users) {
    for (const name of state?.mentions ?? []) {
      uses.set(name, (uses.get(name) ?? 0) + (several ? 2 : 1));
    }
    for (const name of state?.changes ?? []) changed.add(name);
  }
  const isShared = (name: string) => changed.has(name) && uses.get(name)! > 1;
  return new Map(users.map(({ name, code: { state } }) => [
    name,
    (state?.mentions ?? []).filter(isShared).map((name) => `${name}, which steps change`),
  ]));
}
