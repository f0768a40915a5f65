/** Checks that every metric makes of its arrays. */

/** Throws where two arrays that go together differ in length, or are empty. */
export function checkPaired(
  yTrue: ArrayLike<number>,
  given: ArrayLike<number>,
  what: string,
  perRow = 1,
): void {
  if (yTrue.length === 0) throw new RangeError("Cannot score 0 rows; give at least one");
  if (given.length !== yTrue.length * perRow) {
    throw new RangeError(
      `Cannot score ${yTrue.length} labels against ${given.length} ${what}; give ${
        perRow === 1 ? "one" : perRow
      } for each label`,
    );
  }
}
