/** Values with their descriptions; the compiler holds that none is missing. */
export function describedValues<Name extends string>(names: readonly Name[], descriptions: Readonly<Record<Name, string>>) {
  return Object.fromEntries(names.map((name) => [name, { description: descriptions[name] }])) as Record<Name, { description: string }>;
}
