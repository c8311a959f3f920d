import { PERMISSION_DESCRIPTIONS, PERMISSIONS, rolesWith } from '../src/domain/access/permission.ts';
import { ROLES } from '../src/domain/access/role.ts';
import type { RootPermission } from '../src/schema/root-permissions.ts';

/** Which role may call what, as Markdown tables. */
export function renderAccessTable(fields: readonly RootPermission[]): string {
  const marks = (permission: RootPermission['permission']) =>
    ROLES.map((role) => (rolesWith(permission).includes(role) ? 'yes' : '')).join(' | ');
  const head = (...columns: string[]) => [
    `| ${[...columns, ...ROLES].join(' | ')} |`,
    `|${[...columns, ...ROLES].map(() => '---|').join('')}`,
  ];
  return [
    ...head('permission'),
    ...PERMISSIONS.map((permission) => `| \`${permission}\`: ${PERMISSION_DESCRIPTIONS[permission]} | ${marks(permission)} |`),
    '',
    ...head('operation', 'field', 'needs'),
    ...fields.map(({ operation, field, permission }) => `| ${operation} | \`${field}\` | \`${permission}\` | ${marks(permission)} |`),
  ].join('\n');
}
