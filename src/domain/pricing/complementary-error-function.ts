/*
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), in the form of his CALERF
 * (netlib specfun): relative error below 1.2e-16 times a small factor over the whole line.
 */
const SQRT_PI_INVERSE = 0.5641895835477563;
/** Up to here erf's own rational approximation is used. */
const SMALL = 0.46875;
/** erfcx(y) > Number.MAX_VALUE below this. */
const ERFCX_OVERFLOW = -26.628;
/** erfc(y) is 0 in double precision above this. */
const ERFC_UNDERFLOW = 26.543;

/** erf(y) for |y| ≤ 0.46875. */
function erfSmall(y: number): number {
  const z = y * y;
  const numerator =
    (((0.18577770618460315 * z + 3.1611237438705655) * z + 113.86415415105016) * z + 377.485237685302) * z + 3209.3775891384694;
  const denominator = (((z + 23.601290952344122) * z + 244.02463793444417) * z + 1282.6165260773723) * z + 2844.236833439171;
  return (y * numerator) / denominator;
}

/** exp(y²)·erfc(y) for y > 0.46875. */
function erfcxPositive(y: number): number {
  if (y <= 4) {
    const numerator =
      (((((((2.1531153547440383e-8 * y + 0.5641884969886701) * y + 8.883149794388377) * y + 66.11919063714163) * y + 298.6351381974001) *
        y +
        881.952221241769) *
        y +
        1712.0476126340707) *
        y +
        2051.0783778260716) *
        y +
      1230.3393547979972;
    const denominator =
      (((((((y + 15.744926110709835) * y + 117.6939508913125) * y + 537.1811018620099) * y + 1621.3895745666903) * y + 3290.7992357334597) *
        y +
        4362.619090143247) *
        y +
        3439.3676741437216) *
        y +
      1230.3393548037495;
    return numerator / denominator;
  }
  const z = 1 / (y * y);
  const numerator =
    ((((0.016315387137302097 * z + 0.30532663496123236) * z + 0.36034489994980445) * z + 0.12578172611122926) * z + 0.016083785148742275) *
      z +
    0.0006587491615298378;
  const denominator =
    ((((z + 2.568520192289822) * z + 1.8729528499234604) * z + 0.5279051029514285) * z + 0.06051834131244132) * z + 0.0023352049762686918;
  return (SQRT_PI_INVERSE - (z * numerator) / denominator) / y;
}

/** exp(-y²) without the rounding error of y² that a plain product carries into the exponent. */
function expMinusSquare(y: number): number {
  const head = Math.trunc(y * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(y - head) * (y + head));
}

/** Complementary error function 1 - erf(y); relative error about 1e-16 where the result is a normal number, 0 to 2. NaN for NaN. */
export function erfc(y: number): number {
  const magnitude = Math.abs(y);
  if (magnitude <= SMALL) return 1 - erfSmall(y);
  if (magnitude > ERFC_UNDERFLOW) return y > 0 ? 0 : 2;
  const tail = expMinusSquare(magnitude) * erfcxPositive(magnitude);
  return y > 0 ? tail : 2 - tail;
}

/**
 * Scaled complementary error function exp(y²)·erfc(y). Falls like 1/(y√π) on the right; on the left it grows like 2·exp(y²), and below
 * -26.6, where that passes the largest double, it is Number.MAX_VALUE. NaN for NaN.
 */
export function erfcx(y: number): number {
  const magnitude = Math.abs(y);
  if (magnitude <= SMALL) return Math.exp(y * y) * (1 - erfSmall(y));
  if (y > 0) return erfcxPositive(y);
  if (y < ERFCX_OVERFLOW) return Number.MAX_VALUE;
  return 2 / expMinusSquare(magnitude) - erfcxPositive(magnitude);
}
