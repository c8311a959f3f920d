import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { TokenRevokeInput, TokenRevokePayload } from '../schema/token-revocation.ts';

builder.mutationFields((t) => ({
  tokenRevoke: t.field({
    type: TokenRevokePayload,
    authScopes: { permission: 'MANAGE_ACCESS' },
    description: 'Revokes a token before it expires, or all tokens of a subject: they are refused at once, and what runs with them ends.',
    args: { input: t.arg({ type: TokenRevokeInput, required: true, description: 'What to revoke.' }) },
    errors: { types: [ValidationError], directResult: true, union: { name: 'TokenRevokeResult' } },
    resolve: (_root, { input: { tokenId, subject, expiresAt, reason } }, context) =>
      context.services.tokenRevocations.revoke(
        { tokenId: tokenId ?? null, subject: subject ?? null, expiresAtMs: expiresAt?.getTime() ?? null, reason: reason ?? null },
        context,
      ),
  }),
}));
