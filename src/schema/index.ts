import './errors.ts';
import '../resolvers/aggregate.ts';
import '../resolvers/alert.ts';
import '../resolvers/alert-backtest.ts';
import '../resolvers/alert-routing.ts';
import '../resolvers/alert-rule.ts';
import '../resolvers/api-key.ts';
import '../resolvers/audit-entry.ts';
import '../resolvers/client-connection.ts';
import '../resolvers/correlation.ts';
import '../resolvers/distribution.ts';
import '../resolvers/event-token.ts';
import '../resolvers/filter.ts';
import '../resolvers/filter-change.ts';
import '../resolvers/filter-effectiveness.ts';
import '../resolvers/filter-exchange.ts';
import '../resolvers/filter-preview.ts';
import '../resolvers/filter-derivation.ts';
import './filter-revision.ts';
import '../resolvers/notification.ts';
import '../resolvers/notification-channel.ts';
import '../resolvers/opportunity.ts';
import '../resolvers/scan-result.ts';
import '../resolvers/scan-run.ts';
import '../resolvers/scanner.ts';
import '../resolvers/score-calibration.ts';
import '../resolvers/session.ts';
import '../resolvers/storage.ts';
import '../resolvers/token-revocation.ts';
import '../resolvers/underlying.ts';
import '../resolvers/underlying-analytics.ts';
import '../resolvers/underlying-options.ts';
import '../resolvers/underlying-results.ts';
import '../resolvers/viewer.ts';
import { builder } from './builder.ts';
import { withListsInTurns } from './lists-in-turns.ts';
import { rootPermissions } from './root-permissions.ts';
import { withSynchronousIds } from './synchronous-ids.ts';

/** The one place that sees both what there is (schema/) and how it is reached (resolvers/). */
export const schema = withListsInTurns(withSynchronousIds(builder.toSchema()));

// A field that nobody has thought about is a reason not to start.
rootPermissions(schema);
