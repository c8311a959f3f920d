/** The id within a global id. */
export function idIn(globalId: string): string {
  return atob(globalId).split(':')[1]!;
}
