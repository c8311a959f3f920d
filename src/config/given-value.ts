/** A value somebody gave for a setting, before it is parsed. */
export interface GivenValue {
  readonly raw: unknown;
  readonly from: 'flag' | 'environment' | 'file';
  /** For people: `flag --port`, `environment variable PORT`, `strikewire.yaml:3:9`. */
  readonly source: string;
}

/** Given values by the path of their setting. */
export type GivenValues = ReadonlyMap<string, GivenValue>;
