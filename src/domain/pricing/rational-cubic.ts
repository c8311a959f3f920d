/*
 * Shape-preserving rational cubic interpolation with one control parameter: R. Delbourgo and J. A. Gregory, "Shape preserving piecewise rational
 * interpolation" (SIAM J. Sci. Stat. Comput. 6, 1985), in the form used by P. Jäckel, "Let's Be Rational" (2015), section 5.
 */
const MINIMUM_CONTROL = -(1 - Math.sqrt(Number.EPSILON));
const MAXIMUM_CONTROL = 2 / (Number.EPSILON * Number.EPSILON);

/** Value at x between (xLeft, yLeft) and (xRight, yRight) with the slopes there; a huge control parameter gives the straight line. */
export function rationalCubic(
  x: number,
  xLeft: number,
  xRight: number,
  yLeft: number,
  yRight: number,
  slopeLeft: number,
  slopeRight: number,
  control: number,
): number {
  const width = xRight - xLeft;
  if (!(Math.abs(width) > 0)) return 0.5 * (yLeft + yRight);
  const t = (x - xLeft) / width;
  const u = 1 - t;
  if (!(control < MAXIMUM_CONTROL)) return yRight * t + yLeft * u;
  const numerator =
    yRight * t * t * t +
    (control * yRight - width * slopeRight) * t * t * u +
    (control * yLeft + width * slopeLeft) * t * u * u +
    yLeft * u * u * u;
  return numerator / (1 + (control - 3) * t * u);
}

/** Control parameter that fits a second derivative at the left end, at least what keeps the curve convex or monotone. */
export function controlForLeftCurvature(
  xLeft: number,
  xRight: number,
  yLeft: number,
  yRight: number,
  slopeLeft: number,
  slopeRight: number,
  curvatureLeft: number,
  preferShape: boolean,
): number {
  const width = xRight - xLeft;
  const secant = (yRight - yLeft) / width;
  const control = quotient(0.5 * width * curvatureLeft + (slopeRight - slopeLeft), secant - slopeLeft);
  return Math.max(control, minimumControl(slopeLeft, slopeRight, secant, preferShape));
}

/** Like controlForLeftCurvature, for a second derivative at the right end. */
export function controlForRightCurvature(
  xLeft: number,
  xRight: number,
  yLeft: number,
  yRight: number,
  slopeLeft: number,
  slopeRight: number,
  curvatureRight: number,
  preferShape: boolean,
): number {
  const width = xRight - xLeft;
  const secant = (yRight - yLeft) / width;
  const control = quotient(0.5 * width * curvatureRight + (slopeRight - slopeLeft), slopeRight - secant);
  return Math.max(control, minimumControl(slopeLeft, slopeRight, secant, preferShape));
}

function quotient(numerator: number, denominator: number): number {
  if (numerator === 0) return 0;
  if (denominator === 0) return numerator > 0 ? MAXIMUM_CONTROL : MINIMUM_CONTROL;
  return numerator / denominator;
}

function minimumControl(slopeLeft: number, slopeRight: number, secant: number, preferShape: boolean): number {
  const monotone = slopeLeft * secant >= 0 && slopeRight * secant >= 0;
  const convex = slopeLeft <= secant && secant <= slopeRight;
  const concave = slopeLeft >= secant && secant >= slopeRight;
  if (!monotone && !convex && !concave) return MINIMUM_CONTROL;
  let forMonotone = Number.NEGATIVE_INFINITY;
  let forShape = Number.NEGATIVE_INFINITY;
  if (monotone) {
    if (secant !== 0) forMonotone = (slopeRight + slopeLeft) / secant;
    else if (preferShape) forMonotone = MAXIMUM_CONTROL;
  }
  if (convex || concave) {
    const left = secant - slopeLeft;
    const right = slopeRight - secant;
    if (left !== 0 && right !== 0)
      forShape = Math.max(Math.abs((slopeRight - slopeLeft) / right), Math.abs((slopeRight - slopeLeft) / left));
    else if (preferShape) forShape = MAXIMUM_CONTROL;
  } else if (preferShape) forShape = MAXIMUM_CONTROL;
  return Math.max(MINIMUM_CONTROL, forMonotone, forShape);
}
