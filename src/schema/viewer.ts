import { isPermitted, PERMISSION_DESCRIPTIONS, PERMISSIONS, type Permission } from '../domain/access/permission.ts';
import { ROLES } from '../domain/access/role.ts';
import { VIEWER_KINDS, type Viewer } from '../domain/access/viewer.ts';
import { LIMIT_NAMES, LIMITS, type Limits } from '../domain/limits/limit-policy.ts';
import type { RateLeft } from '../services/limits/rate-limiter.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What people and services are to the product.',
  values: describedValues(ROLES, {
    ADMIN: 'May do everything.',
    ANALYST: 'Reads everything there is to analyse; changes nothing.',
    TRADER: 'Reads the same, has filters of its own, asks for scans.',
    DEVELOPER: 'Looks after the service: its state, its cycles.',
  }),
});

const PermissionEnum = builder.enumType('Permission', {
  description: 'What a caller may be allowed.',
  values: describedValues(PERMISSIONS, PERMISSION_DESCRIPTIONS),
});

export const ViewerKindEnum = builder.enumType('ViewerKind', {
  description: 'How a caller has shown who it is.',
  values: describedValues(VIEWER_KINDS, {
    LOCAL: 'Not at all: no authentication is configured and only this machine can reach the server.',
    TOKEN: 'With a JSON Web Token.',
    API_KEY: 'With an API key.',
  }),
});

const RateLeftRef = builder.objectRef<RateLeft>('RateLeft').implement({
  description: 'What is left of a rate.',
  fields: (t) => ({
    operations: t.exposeInt('operations', { description: 'Operations that may be begun before it is counted anew.' }),
    resetAfterMs: t.int({
      description: 'Until it is counted anew, milliseconds; 0: nothing has been counted yet.',
      resolve: ({ resetAfterMs }) => Math.ceil(resetAfterMs),
    }),
  }),
});

const ViewerLimitsRef = builder.objectRef<Limits>('ViewerLimits').implement({
  description: 'What a caller is granted: the greatest values that are accepted. A refusal names the limit in `extensions.limit`.',
  fields: (t) => ({
    ...Object.fromEntries(
      LIMIT_NAMES.map((name) => [
        name,
        t.int({ description: `${LIMITS[name].description} In ${LIMITS[name].unit}.`, resolve: (limits) => limits[name] }),
      ]),
    ),
    introspection: t.boolean({ description: 'Whether the schema is told.', resolve: (limits) => limits.introspection }),
    rateLeft: t.field({
      type: RateLeftRef,
      description: 'What is left of the rate of operations, this one counted.',
      resolve: (_limits, _arguments, { rateLeft }) => rateLeft(),
    }),
  }),
});

export const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who calls.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ViewerKindEnum, description: 'How it has shown who it is.' }),
    subject: t.exposeString('subject', { description: 'Its name: of a person or a service.' }),
    roles: t.field({ type: [RoleEnum], description: 'Its roles.', resolve: ({ roles }) => [...roles] }),
    permissions: t.field({
      type: [PermissionEnum],
      description: 'What these roles allow.',
      resolve: ({ roles }): Permission[] => PERMISSIONS.filter((permission) => isPermitted(roles, permission)),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its token expires, UTC; null when it does not.',
      resolve: ({ expiresAtMs }) => (expiresAtMs === null ? null : new Date(expiresAtMs)),
    }),
    limits: t.field({
      type: ViewerLimitsRef,
      description: 'What it is granted.',
      resolve: (_viewer, _arguments, { limits }) => limits,
    }),
  }),
});
