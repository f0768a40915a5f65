/** Counts of values as what they are worth to a test. */

/** The same shares of another total; of nothing there remains nothing. */
export function weigh(counts: Float64Array, worth: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // Exactly the same counts if they are worth their number.
  return total === 0 ? counts : counts.map((count) => count * (worth / total));
}

/** Whole counts near to `counts`, whose total is that of `counts` rounded. */
export function whole(counts: Float64Array): Float64Array {
  let [exact, given] = [0, 0];
  return counts.map((count) => {
    exact += count;
    const own = Math.round(exact) - given;
    given += own;
    return own;
  });
}
