/** The table column of a property: `impliedVolatility` → `implied_volatility`, as Drizzle's snake_case casing names it. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
