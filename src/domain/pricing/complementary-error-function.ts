/*
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), in the form of his CALERF
 * (netlib specfun): relative error below 1.2e-16 times a small factor over the whole line.
 */
const SQRT_PI_INVERSE = 0.56418958354775628695;
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
    (((0.185777706184603153 * z + 3.1611237438705656) * z + 113.864154151050156) * z + 377.485237685302021) * z + 3209.37758913846947;
  const denominator = (((z + 23.6012909523441209) * z + 244.024637934444173) * z + 1282.61652607737228) * z + 2844.23683343917062;
  return (y * numerator) / denominator;
}

/** exp(y²)·erfc(y) for y > 0.46875. */
function erfcxPositive(y: number): number {
  if (y <= 4) {
    const numerator =
      (((((((2.15311535474403846e-8 * y + 0.564188496988670089) * y + 8.88314979438837594) * y + 66.1191906371416295) * y +
        298.635138197400131) *
        y +
        881.95222124176909) *
        y +
        1712.04761263407058) *
        y +
        2051.07837782607147) *
        y +
      1230.33935479799725;
    const denominator =
      (((((((y + 15.7449261107098347) * y + 117.693950891312499) * y + 537.181101862009858) * y + 1621.38957456669019) * y +
        3290.79923573345963) *
        y +
        4362.61909014324716) *
        y +
        3439.36767414372164) *
        y +
      1230.33935480374942;
    return numerator / denominator;
  }
  const z = 1 / (y * y);
  const numerator =
    ((((0.0163153871373020978 * z + 0.305326634961232344) * z + 0.360344899949804439) * z + 0.125781726111229246) * z +
      0.0160837851487422766) *
      z +
    6.58749161529837803e-4;
  const denominator =
    ((((z + 2.56852019228982242) * z + 1.87295284992346047) * z + 0.527905102951428412) * z + 0.0605183413124413191) * z +
    0.00233520497626869185;
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
