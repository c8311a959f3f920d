/** What people and services are to the product. */
export const ROLES = ['ADMIN', 'ANALYST', 'TRADER', 'DEVELOPER'] as const;
export type Role = (typeof ROLES)[number];
