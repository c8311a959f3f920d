import { Counter, Gauge, type Registry } from 'prom-client';
import { SESSION_TRANSPORTS, type SessionTransport } from '../../domain/access/session-transport.ts';
import { SESSION_ENDS, type SessionEnd } from './sessions.ts';

/** What connections that last count. */
export interface SessionMetrics {
  ended(end: SessionEnd): void;
  renewed(): void;
  watch(size: (transport: SessionTransport) => number): void;
}

export function createSessionMetrics(registry: Registry): SessionMetrics {
  const ended = new Counter({
    name: 'strikewire_sessions_ended_total',
    help: 'Connections ended by the server because their credential expired or was revoked, or because an administrator has ended them.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of SESSION_ENDS) ended.inc({ reason }, 0);
  const renewed = new Counter({
    name: 'strikewire_session_renewals_total',
    help: 'Connections that went on with another token.',
    registers: [registry],
  });
  return {
    ended: (reason) => ended.inc({ reason }),
    renewed: () => renewed.inc(),
    watch(size) {
      new Gauge({
        name: 'strikewire_sessions',
        help: 'Open connections of clients that have shown who they are: WebSockets and event streams.',
        labelNames: ['transport'],
        registers: [registry],
        collect() {
          for (const transport of SESSION_TRANSPORTS) this.set({ transport }, size(transport));
        },
      });
    },
  };
}
