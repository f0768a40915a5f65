/** What is not a step's, though it comes from its work. */

/** What hears of what steps do to their process; a run of which all is kept does without. */
let stepScope: typeof import("./step_scope.ts") | undefined;

/** Loads it for a step that is to run. */
export async function loadStepScope(): Promise<typeof import("./step_scope.ts")> {
  return stepScope ??= await import("./step_scope.ts");
}

/** Does something that is not a step's, though it comes from its work. */
export function outsideStep(work: () => void): void {
  if (stepScope) stepScope.outside(work);
  else work();
}
