import type { InputRef } from '@pothos/core';
import {
  DELIVERY_CONTRACTS,
  type DeliveryGrant,
  type DeliveryRequest,
  OVERFLOW_POLICIES,
} from '../services/subscriptions/delivery-grant.ts';
import { STREAM_PHASES, type StreamItem } from '../services/subscriptions/stream-item.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const StreamPhaseEnum = builder.enumType('StreamPhase', {
  description: 'Where an item of a subscription comes from.',
  values: describedValues(STREAM_PHASES, {
    SNAPSHOT: 'What was there when the subscription began.',
    REPLAY: 'What was missed since the given cursor.',
    LIVE: 'What has just happened.',
  }),
});

const DeliveryContractEnum = builder.enumType('DeliveryContract', {
  description: 'Which rows a subscriber is sent.',
  values: describedValues(DELIVERY_CONTRACTS, {
    EVERY: 'All of them.',
    LATEST:
      'The newest of each opportunity (filter and legs), or of each filter; what it replaces before it is sent is left out and does not count as missed.',
  }),
});

const OverflowPolicyEnum = builder.enumType('OverflowPolicy', {
  description: 'What happens when a subscriber takes less than comes and its buffer is full.',
  values: describedValues(OVERFLOW_POLICIES, {
    CLOSE:
      'The connection is closed: WebSocket code 4413, or an error and the end of a stream of events. Subscribing again after the last cursor loses nothing.',
    DROP_OLDEST: 'The oldest rows that wait are dropped; the next item tells how many in `missed`.',
    CONFLATE:
      'Only the newest row of each opportunity (filter and legs), or of each filter, is kept; the next item tells in `missed` how many it replaced.',
  }),
});

export const DeliveryInput: InputRef<DeliveryRequest> = builder.inputRef<DeliveryRequest>('DeliveryInput').implement({
  description: 'How a subscriber wants to be served. The server grants it within its limits and says in each item what it granted.',
  fields: (t) => ({
    contract: t.field({ type: DeliveryContractEnum, defaultValue: 'EVERY', description: 'Which rows to send.' }),
    maxRatePerSecond: t.float({ description: 'Most items per second; rows that come faster are sent together. Nothing: as they come.' }),
    overflow: t.field({ type: OverflowPolicyEnum, defaultValue: 'CLOSE', description: 'What to do when the subscriber does not keep up.' }),
    buffer: t.int({ description: 'Most rows that wait for the subscriber. Nothing: as many as the server allows.' }),
  }),
});

const DeliveryGrantRef = builder.objectRef<DeliveryGrant>('DeliveryGrant').implement({
  description: 'How a subscriber is served.',
  fields: (t) => ({
    contract: t.expose('contract', { type: DeliveryContractEnum, description: 'Which rows are sent.' }),
    maxRatePerSecond: t.exposeFloat('maxRatePerSecond', { nullable: true, description: 'Most items per second; null: as they come.' }),
    overflow: t.expose('overflow', { type: OverflowPolicyEnum, description: 'What is done when the subscriber does not keep up.' }),
    buffer: t.exposeInt('buffer', { description: 'Most rows that wait for the subscriber.' }),
    bufferBytes: t.exposeInt('bufferBytes', { description: 'Most bytes of messages that wait for the subscriber.' }),
  }),
});

/** The fields every item of a durable stream has. */
export const StreamBatchInterface = builder.interfaceRef<StreamItem<unknown>>('StreamBatch').implement({
  description:
    'What a subscription to a durable stream sends at a time. The first item comes at once, if need be without rows, so that there always is a cursor to go on from.',
  fields: (t) => ({
    phase: t.expose('phase', { type: StreamPhaseEnum, description: 'Where the item comes from.' }),
    cursor: t.exposeString('cursor', {
      description:
        'The place in the stream behind this item. A later subscription goes on from here with `after`, without loss; the query of the same name does in ascending order of time.',
    }),
    missed: t.exposeInt('missed', {
      description:
        'Rows left out before this item because they could not all be kept or replayed; 0 in the normal case. Counted up to 100,000.',
    }),
    missedSince: t.exposeString('missedSince', {
      nullable: true,
      description:
        'Cursor behind which the rows left out lie: `after` of the query of the same name, in ascending order of time, reads them. Null when there are none.',
    }),
    delivery: t.expose('delivery', { type: DeliveryGrantRef, description: 'What the server granted.' }),
  }),
});
