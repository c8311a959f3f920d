import type { Revocation } from '../services/access/revocation-store.ts';
import { builder } from './builder.ts';

export const TokenRevokeInput = builder.inputType('TokenRevokeInput', {
  description: 'Revokes a token, or all tokens of a subject that were issued until now. One of `tokenId` and `subject`.',
  fields: (t) => ({
    tokenId: t.string({ description: 'The id of the token (`jti`), 1 to 256 characters.' }),
    subject: t.string({
      description:
        'All tokens of this subject (`sub`) that were issued (`iat`) until now, and those that do not say when. API keys that act as this subject are revoked by apiKeyRevoke.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When what is revoked expires by itself, UTC: the revocation is kept until then. Nothing: it is kept for good.',
    }),
    reason: t.string({ description: 'For the audit trail; at most 500 characters.' }),
  }),
});

export const TokenRevokePayload = builder.objectRef<Revocation>('TokenRevokePayload').implement({
  description: 'What was revoked is no longer accepted.',
  fields: (t) => ({
    tokenId: t.string({
      nullable: true,
      description: 'The id of the token; null when all of a subject were revoked.',
      resolve: ({ kind, value }) => (kind === 'TOKEN' ? value : null),
    }),
    subject: t.string({
      nullable: true,
      description: 'The subject; null when one token was revoked.',
      resolve: ({ kind, value }) => (kind === 'SUBJECT' ? value : null),
    }),
    revokedAt: t.field({ type: 'DateTime', description: 'When, UTC.', resolve: ({ revokedAtMs }) => new Date(revokedAtMs) }),
  }),
});
