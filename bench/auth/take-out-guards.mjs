/* Hooks of the module loader: the modules that guard the product are empty ones instead. */
const EMPTY = new Map([
  ['/dist/services/access/authenticator.js', './empty/authenticator.mjs'],
  ['/dist/services/limits/admission.js', './empty/admission.mjs'],
  ['/dist/server/limits/request-admission.js', './empty/request-admission.mjs'],
  ['/dist/server/limits/use-nesting-limit.js', './empty/use-nesting-limit.mjs'],
  ['/dist/server/limits/use-operation-size.js', './empty/use-operation-size.mjs'],
  ['/dist/server/limits/use-running-operations.js', './empty/use-running-operations.mjs'],
  ['/dist/server/use-statement-scope.js', './empty/use-statement-scope.mjs'],
  ['/@pothos/plugin-scope-auth/esm/index.js', './empty/plugin-scope-auth.mjs'],
]);

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const path = resolved.url.split('?', 1)[0];
  for (const [ending, empty] of EMPTY) {
    if (path.endsWith(ending)) return { url: new URL(empty, import.meta.url).href, format: 'module', shortCircuit: true };
  }
  return resolved;
}
