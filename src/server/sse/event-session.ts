import type { ExecutionResult } from 'graphql';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { DomainError } from '../../domain/errors/domain-error.ts';
import type { Session, SessionPort, SessionUsage } from '../../services/access/session.ts';
import type { Sessions } from '../../services/access/sessions.ts';
import { requestContext } from '../request-context.ts';
import type { ReaderBacklog } from './stream-positions.ts';

/** What is known of an event stream, and what can be done to it. */
export interface ObservedEvents {
  /** What waits in the sources of its subscriptions. */
  backlogs(): Iterable<ReaderBacklog>;
  /** Of events only. */
  sentBytes(): number;
  /** Ends all operations with this answer, and the stream: nothing else of them is sent any more. */
  endWith(last: ExecutionResult): void;
}

/** @throws AuthenticationError when the viewer's credential was revoked meanwhile */
export type OpenEventSession = (viewer: Viewer, events: ObservedEvents) => Session;

export interface EventSessionDeps {
  readonly sessions: Pick<Sessions, 'open'>;
  readonly newId: () => string;
  /** The errors that are told when a session is ended. */
  readonly maskError: (error: unknown) => NonNullable<ExecutionResult['errors']>[number];
}

export function createOpenEventSession({ sessions, newId, maskError }: EventSessionDeps): OpenEventSession {
  return (viewer, events) =>
    sessions.open({
      id: newId(),
      transport: 'SSE',
      viewer,
      clientAddress: requestContext.getStore()?.clientAddress ?? null,
      port: portOf(events, (error) => ({ errors: [maskError(error)] })),
    });
}

function portOf(events: ObservedEvents, answer: (error: DomainError) => ExecutionResult): SessionPort {
  return {
    usage(): SessionUsage {
      const usage = { backlogRows: 0, backlogBytes: 0, missed: 0, sentBytes: events.sentBytes() };
      for (const backlog of events.backlogs()) {
        usage.backlogRows += backlog.rows();
        usage.backlogBytes += backlog.bytes();
        usage.missed += backlog.missed();
      }
      return usage;
    },
    // Clients of event streams know `next` and `complete` only: the subscription `session` tells those who want to know.
    warn() {},
    end: (error) => events.endWith(answer(error)),
  };
}
