import { Counter, Gauge, type Registry } from 'prom-client';

/** What delivery over WebSockets counts. */
export interface DeliveryMetrics {
  /** An event was executed for a group, or for one subscriber. */
  executed(): void;
  /** A message was written to a socket past the protocol. */
  written(): void;
  closedTooSlow(): void;
  /** How many groups share executions. */
  watchGroups(read: () => number): void;
}

export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  // Counted by hand and told when asked: a counter's own bookkeeping would cost a tenth of a delivery.
  let executions = 0;
  let messages = 0;
  const told = { executions: 0, messages: 0 };
  new Counter({
    name: 'strikewire_subscription_executions_total',
    help: 'Executions of subscription events over WebSocket; one serves every subscriber of the same operation.',
    registers: [registry],
    collect() {
      this.inc(executions - told.executions);
      told.executions = executions;
    },
  });
  new Counter({
    name: 'strikewire_subscription_messages_total',
    help: 'Live messages written to WebSockets.',
    registers: [registry],
    collect() {
      this.inc(messages - told.messages);
      told.messages = messages;
    },
  });
  const closed = new Counter({
    name: 'strikewire_subscribers_closed_total',
    help: 'Connections closed with 4413 because a subscriber did not take its messages and its buffer was full.',
    registers: [registry],
  });
  return {
    executed() {
      executions++;
    },
    written() {
      messages++;
    },
    closedTooSlow: () => closed.inc(),
    watchGroups(read) {
      new Gauge({
        name: 'strikewire_subscription_groups',
        help: 'Groups of WebSocket subscriptions that share executions.',
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
  };
}
