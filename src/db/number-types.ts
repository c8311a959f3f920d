const OID_INT8 = 20;
const OID_TIMESTAMPTZ = 1184;

/** How clients for raw SQL read: int8 as number, timestamptz as epoch milliseconds. Their connections have the time zone UTC. */
export const NUMBER_TYPES = {
  bigint: { to: OID_INT8, from: [OID_INT8], serialize: (value: number) => String(value), parse: (value: string) => Number(value) },
  timestamptz: {
    to: OID_TIMESTAMPTZ,
    from: [OID_TIMESTAMPTZ],
    serialize: (value: number) => new Date(value).toISOString(),
    parse: parseTimestamp,
  },
};

/** `2026-11-21 04:05:06.789+00` to epoch milliseconds. */
function parseTimestamp(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`);
}
