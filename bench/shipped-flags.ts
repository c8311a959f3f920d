import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };
const OF_START = scripts.start.split(' ').filter((word) => word.startsWith('--max-'));
/** Programs that start Strikewire as it ships. */
const OURS = ['serve-product.ts', 'serve-open.ts', 'serve-watched.ts'];

/** What a server's program is started with: Strikewire with the memory settings of `npm start`, peers as Node.js does it. */
export function shippedFlags(file: string): readonly string[] {
  return OURS.includes(basename(file)) ? OF_START : [];
}
