/* The product of bench/page/serve-product.ts with what guards it taken out: authentication, scopes, limits, statement timeouts. */
import { register } from 'node:module';

register('./take-out-guards.mjs', import.meta.url);
await import('../page/serve-product.ts');
