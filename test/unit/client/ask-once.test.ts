import { describe, expect, it } from 'vitest';
import { askOnce } from '../../../src/client/ask-once.ts';
import { OperationError } from '../../../src/client/errors/operation-error.ts';
import type { OperationSink, Session } from '../../../src/client/open-session.ts';
import { createOperationSet } from '../../../src/client/operation-set.ts';

const EXPIRED = [{ message: 'expired', extensions: { code: 'UNAUTHENTICATED', failure: 'EXPIRED' } }];
const TERMINATED = [{ message: 'terminated', extensions: { code: 'CONNECTION_TERMINATED' } }];
const REVOKED = [{ message: 'revoked', extensions: { code: 'UNAUTHENTICATED', failure: 'REVOKED' } }];

/** Something asked over a connection, which may be followed by another one. */
function ask(isRepeatable: boolean) {
  const sinks: OperationSink[] = [];
  const session: Session = {
    subscribe: (_payload, sink) => {
      sinks.push(sink);
      return () => {};
    },
    close: () => {},
  };
  const operations = createOperationSet({ queueLimit: 10, session: () => session });
  const answer = askOnce({
    operations,
    ensureConnection: () => {},
    onAnswer: () => {},
    payload: { query: '{ viewer { subject } }', variables: {} },
    isRepeatable,
    signal: undefined,
  });
  answer.catch(() => {});
  const reconnect = () => {
    operations.interruptAll('closed with 4403');
    operations.beginAll(session);
  };
  return { answer, sinks, reconnect };
}

describe('a query whose connection the server ends before the answer', () => {
  it.each([
    ['because the token has expired', EXPIRED],
    ['because an administrator has ended it', TERMINATED],
  ])('%s is asked again over the next one', async (_why, errors) => {
    const { answer, sinks, reconnect } = ask(true);
    sinks[0]!.refused(errors);
    reconnect();
    expect(sinks).toHaveLength(2);
    sinks[1]!.next({ data: { viewer: { subject: 'trader-1' } } });
    expect(await answer).toEqual({ viewer: { subject: 'trader-1' } });
  });

  it('because the token was revoked fails', async () => {
    const { answer, sinks } = ask(true);
    sinks[0]!.refused(REVOKED);
    await expect(answer).rejects.toBeInstanceOf(OperationError);
  });
});

it('what must not be done twice fails when its connection ends before the answer', async () => {
  const { answer, sinks, reconnect } = ask(false);
  sinks[0]!.refused(EXPIRED);
  reconnect();
  await expect(answer).rejects.toMatchObject({ errors: EXPIRED });
  expect(sinks).toHaveLength(1);
});
