import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import type { GraphQLContext } from '../schema/context.ts';
import { type DeliveryRequest, grantDelivery } from '../services/subscriptions/delivery-grant.ts';
import type { SubscribeRequest } from '../services/subscriptions/stream-channel.ts';

export interface SubscribeArguments {
  readonly after?: string | null | undefined;
  readonly snapshot?: number | null | undefined;
  readonly delivery?: DeliveryRequest | null | undefined;
}

/** @throws ValidationError, LimitExceededError */
export function parseSubscribeRequest(
  { after, snapshot, delivery }: SubscribeArguments,
  { services: { deliveryLimits, pageLimits }, resumeAfter, viewer }: Pick<GraphQLContext, 'services' | 'resumeAfter' | 'viewer'>,
): SubscribeRequest {
  const wanted = snapshot ?? 0;
  if (wanted < 0) throw new ValidationError([{ path: 'snapshot', message: `expected a number ≥ 0, got ${wanted}` }]);
  if (wanted > pageLimits.maximumSize) {
    throw new LimitExceededError('rows in a snapshot', pageLimits.maximumSize, wanted, { limit: 'pageSize' });
  }
  return { after: resumeAfter ?? after ?? null, snapshot: wanted, grant: grantDelivery(delivery, deliveryLimits), viewer };
}
