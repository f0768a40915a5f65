/** The search for splits of boosting, two bins at a time. */

/** What one unit of the gradient counts in a packed number, see `src/tree_growth/packed_gradients.ts`. */
const unit: f64 = 134217728;
const perUnit: f64 = 1 / unit;
/** Lower numbers than the best times this cannot be rounded up to it as Float32. */
const nearly: f64 = 1 - 2.384185791015625e-7;

/** The best split of the last scan: its score, one more than its place (0 for none), the left sum. */
export let bestScore: f64 = 0;
export let bestLeft: f64 = 0;
let bestAt: usize = 0;

/** a[i] −= b[i] for `count` numbers. */
export function subtract(a: usize, b: usize, count: i32): void {
  const end = a + ((<usize> count) << 3);
  for (; a + 16 <= end; a += 16, b += 16) {
    v128.store(a, f64x2.sub(v128.load(a), v128.load(b)));
  }
  if (a < end) store<f64>(a, load<f64>(a) - load<f64>(b));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function shrunk(gradient: v128, alpha: v128, shrinks: bool): v128 {
  if (!shrinks) return gradient;
  return f64x2.max(f64x2.sub(f64x2.abs(gradient), alpha), f64x2.splat(0));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function keep(score: f64, at: usize, left: f64, wins: bool): void {
  if (score > bestScore || (score == bestScore && wins && bestAt == 0)) {
    bestScore = score;
    bestAt = at + 1;
    bestLeft = left;
  }
}

/**
 * Scans two places at a time. `rises` tells whether sums grow from the left side or from the right
 * one; of two places the one that is met first comes in lane 0.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function scan(
  from: usize,
  count: i32,
  sum: f64,
  leastHessian: f64,
  lambda: f64,
  alpha: f64,
  best: f64,
  wins: bool,
  rises: bool,
  shrinks: bool,
): i32 {
  const gradient = Math.floor(sum * perUnit);
  const hessian = sum - gradient * unit;
  const mostHessian = hessian - leastHessian;
  bestScore = best;
  bestAt = 0;
  const zeros = f64x2.splat(0);
  const units = f64x2.splat(unit);
  const perUnits = f64x2.splat(perUnit);
  const gradients = f64x2.splat(gradient);
  const hessians = f64x2.splat(hessian);
  const lambdas = f64x2.splat(lambda);
  const alphas = f64x2.splat(alpha);
  const least = f64x2.splat(leastHessian);
  const most = f64x2.splat(mostHessian);
  let near = f64x2.splat(best * nearly);
  let total = zeros;
  let at = from;
  for (let left = count; left > 0; left -= 2) {
    let both: v128;
    // A place that is met alone at the end is followed by an empty one, which changes no sum.
    if (left == 1) both = f64x2.replace_lane(zeros, 0, load<f64>(at));
    else if (rises) both = v128.load(at);
    else {
      const turned = v128.load(at - 8);
      both = v128.shuffle<f64>(turned, turned, 1, 0);
    }
    const sums = f64x2.add(total, f64x2.add(both, v128.shuffle<f64>(zeros, both, 0, 2)));
    total = v128.shuffle<f64>(sums, sums, 1, 1);
    const nearGradient = f64x2.floor(f64x2.mul(sums, perUnits));
    const nearHessian = f64x2.sub(sums, f64x2.mul(nearGradient, units));
    const farGradient = f64x2.sub(gradients, nearGradient);
    const nearDivisor = f64x2.add(nearHessian, lambdas);
    const farDivisor = f64x2.add(f64x2.sub(hessians, nearHessian), lambdas);
    const ofNear = shrunk(nearGradient, alphas, shrinks);
    const ofFar = shrunk(farGradient, alphas, shrinks);
    // Both quotients over one denominator, divided only if it may win.
    const numerator = f64x2.add(
      f64x2.mul(f64x2.mul(ofNear, ofNear), farDivisor),
      f64x2.mul(f64x2.mul(ofFar, ofFar), nearDivisor),
    );
    const denominator = f64x2.mul(nearDivisor, farDivisor);
    const may = v128.and(
      v128.and(f64x2.ge(nearHessian, least), f64x2.le(nearHessian, most)),
      f64x2.ge(numerator, f64x2.mul(near, denominator)),
    );
    if (v128.any_true(may)) {
      const scores = f64x2.div(numerator, denominator);
      if (i64x2.extract_lane(may, 0) != 0) {
        keep(<f64> (<f32> f64x2.extract_lane(scores, 0)), at, f64x2.extract_lane(sums, 0), wins);
      }
      if (i64x2.extract_lane(may, 1) != 0) {
        const next = rises ? at + 8 : at - 8;
        keep(<f64> (<f32> f64x2.extract_lane(scores, 1)), next, f64x2.extract_lane(sums, 1), wins);
      }
      near = f64x2.splat(bestScore * nearly);
    }
    if (f64x2.extract_lane(nearHessian, 0) > mostHessian) break;
    at = rises ? at + 16 : at - 16;
  }
  if (bestAt == 0) return -1;
  return <i32> ((rises ? bestAt - 1 - from : from - (bestAt - 1)) >> 3);
}

/**
 * Seeks the best of the splits after each of `count` places, from the first up to the left side, or
 * from the last down to the right side; gives its step or −1.
 */
export function scanSplits(
  from: usize,
  count: i32,
  sum: f64,
  leastHessian: f64,
  lambda: f64,
  alpha: f64,
  best: f64,
  wins: bool,
  rises: bool,
): i32 {
  // Written out for each way, so that none asks at each place which one it is.
  if (rises) {
    return alpha == 0
      ? scan(from, count, sum, leastHessian, lambda, 0, best, wins, true, false)
      : scan(from, count, sum, leastHessian, lambda, alpha, best, wins, true, true);
  }
  const step = alpha == 0
    ? scan(from, count, sum, leastHessian, lambda, 0, best, wins, false, false)
    : scan(from, count, sum, leastHessian, lambda, alpha, best, wins, false, true);
  bestLeft = sum - bestLeft;
  return step;
}
