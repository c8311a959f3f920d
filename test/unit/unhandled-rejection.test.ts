import { buildSchema, execute, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createUnhandledRejectionHandler } from '../../src/unhandled-rejection.ts';

const QUERY = '{ rows { number } }';

/** Of two rows the second fails first. */
function aSchema() {
  const schema = buildSchema('type Row { number: Int! } type Query { rows: [Row!] }');
  const fail = () => {
    throw new Error('at once');
  };
  schema.getQueryType()!.getFields().rows!.resolve = () => [
    { number: () => new Promise((_resolve, reject) => setImmediate(reject, new Error('later'))) },
    { number: fail },
  ];
  return schema;
}

function anObserved() {
  const observed: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void observed.push(JSON.parse(line).msg) });
  return { observed, handle: createUnhandledRejectionHandler({ log, stop: () => void observed.push('stop') }) };
}

/** What nobody waits for while this runs. */
async function rejectionOf(work: () => unknown): Promise<unknown> {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  try {
    return await new Promise((resolve) => {
      process.once('unhandledRejection', resolve);
      void work();
    });
  } finally {
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}

describe('a promise that fails while nobody waits for it', () => {
  it.each<[string, () => unknown]>([
    ['graphql', () => execute({ schema: aSchema(), document: parse(QUERY) })],
    [
      'graphql-yoga',
      () => createYoga({ schema: aSchema(), logging: false }).fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(QUERY)}`),
    ],
  ])('is logged and no more when an operation left it behind: %s', async (_name, run) => {
    const left = await rejectionOf(run);
    const { observed, handle } = anObserved();
    handle(left);
    expect(observed).toEqual(['a field failed after its operation had been answered']);
  });

  it('ends the server when it is its own', () => {
    const { observed, handle } = anObserved();
    handle(new Error('a mistake'));
    handle(undefined);
    expect(observed).toEqual(['uncaught error', 'stop', 'uncaught error', 'stop']);
  });
});
