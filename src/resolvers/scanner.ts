import { ConflictError } from '../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../domain/errors/limit-exceeded-error.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';
import { builder } from '../schema/builder.ts';
import { ScannerRef, ScannerStartPayload, ScannerStopPayload, ScanRequestInput, ScanRequestPayload } from '../schema/scanner.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseUuid } from './parse-uuid.ts';

builder.queryFields((t) => ({
  scanner: t.field({
    type: ScannerRef,
    authScopes: { permission: 'READ_OPERATIONS' },
    description: 'What the scanner does now.',
    resolve: (_root, _arguments, { services }) => services.scanner.status(),
  }),
}));

builder.mutationFields((t) => ({
  scannerStart: t.field({
    type: ScannerStartPayload,
    authScopes: { permission: 'CONTROL_SCANNER' },
    description: 'Starts the cycles; nothing when they run already.',
    resolve: async (_root, _arguments, context) => ({ scanner: await context.services.scannerControl.start(context) }),
  }),
  scannerStop: t.field({
    type: ScannerStopPayload,
    authScopes: { permission: 'CONTROL_SCANNER' },
    description: 'Ends the cycles: symbols in hand are finished, the others are not begun.',
    resolve: async (_root, _arguments, context) => ({ scanner: await context.services.scannerControl.stop(context) }),
  }),
  scanRequest: t.field({
    type: ScanRequestPayload,
    authScopes: { permission: 'REQUEST_SCANS' },
    description: 'Scans underlyings before everything else.',
    args: { input: t.arg({ type: ScanRequestInput, required: true, description: 'What to scan.' }) },
    errors: { types: [ValidationError, ConflictError, LimitExceededError], directResult: true, union: { name: 'ScanRequestResult' } },
    resolve: async (_root, { input }, context) => ({
      scanRun: await context.services.scanRequests.request(
        { symbols: input.symbols, filterIds: input.filterIds?.map((id, index) => parseUuid(id, `filterIds.${index}`)) ?? null },
        parseIdempotencyKey(input.idempotencyKey),
        context,
      ),
    }),
  }),
}));

builder.subscriptionFields((t) => ({
  scanner: t.field({
    type: ScannerRef,
    authScopes: { permission: 'READ_OPERATIONS' },
    description: 'What the scanner does: once at the beginning, then every half second; slow clients do not get all.',
    subscribe: (_root, _arguments, { services }) => services.liveScanner.subscribe(),
    resolve: (status, _arguments, context) => {
      context.loaders.renew();
      return status;
    },
  }),
}));
