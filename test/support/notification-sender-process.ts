/** A process of its own that sends notifications until it is killed. */
import { startNotificationProcess } from './a-notification-process.ts';

await startNotificationProcess({ databaseUrl: process.env.SENDER_DATABASE_URL!, turnMs: 500, timeoutMs: 500, concurrency: 2 });
process.stdout.write('sending\n');
