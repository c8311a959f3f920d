import { AUTHENTICATION_FAILURES, AuthenticationError } from '../domain/access/authentication-error.ts';
import { ForbiddenError } from '../domain/access/forbidden-error.ts';
import { SessionMismatchError } from '../domain/access/session-mismatch-error.ts';
import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../domain/errors/not-found-error.ts';
import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';
import { SecretsUnreadableError } from '../services/notifications/secrets/secrets-unreadable-error.ts';
import { withApiPaths } from './api-issues.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const ErrorInterface = builder.interfaceRef<Error>('Error').implement({
  description: 'An expected failure.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What was expected and what came.' }),
  }),
});

const ValidationIssueRef = builder.objectRef<ValidationIssue>('ValidationIssue').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where in the input, e.g. `criteria.delta.min`; empty for the whole.' }),
    message: t.exposeString('message', { description: 'What was expected and what came.' }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'The input cannot be accepted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    message: t.string({ description: 'What was expected and what came.', resolve: (error) => withApiPaths(error).message }),
    issues: t.field({
      type: [ValidationIssueRef],
      description: 'Everything that is wrong.',
      resolve: (error) => [...withApiPaths(error).issues],
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'The thing named does not exist, or no longer.',
  interfaces: [ErrorInterface],
});

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'It is there, and somebody else may change it.',
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'Somebody else changed the thing first, or its name or key is taken.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    currentRevision: t.int({
      nullable: true,
      description: 'The revision that is in force now; null when the conflict is not about a revision.',
      resolve: (error) => error.currentRevision ?? null,
    }),
  }),
});

builder.objectType(LimitExceededError, {
  name: 'LimitExceededError',
  description: 'More was asked for than this server grants.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.exposeString('limit', { description: 'Name of the limit.' }),
    allowed: t.exposeInt('allowed', { description: 'The most that is granted.' }),
    requested: t.exposeInt('requested', { description: 'What was asked for.' }),
  }),
});

const AuthenticationFailureEnum = builder.enumType('AuthenticationFailure', {
  description: 'Why nobody is let in.',
  values: describedValues(AUTHENTICATION_FAILURES, {
    MISSING: 'Nothing was shown.',
    MALFORMED: 'What was shown is no token and no key.',
    INVALID: 'It is one that this server does not trust.',
    EXPIRED: 'Its time is over.',
    REVOKED: 'It was revoked.',
  }),
});

builder.objectType(AuthenticationError, {
  name: 'AuthenticationError',
  description: 'A token or key is not accepted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    failure: t.expose('failure', { type: AuthenticationFailureEnum, description: 'Why.' }),
  }),
});

builder.objectType(SessionMismatchError, {
  name: 'SessionMismatchError',
  description:
    'The token is good, but not for this connection: it is of another subject, with other roles or of another kind; or there is no connection that it could be for.',
  interfaces: [ErrorInterface],
});

builder.objectType(SecretsUnreadableError, {
  name: 'SecretsUnreadableError',
  description: 'The server has no key for secrets (SECRETS_KEY), or not the one that they are encrypted with: its operator has to set it.',
  interfaces: [ErrorInterface],
});
