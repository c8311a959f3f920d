import { expect, it } from 'vitest';
import { startTestApp } from '../../support/start-test-app.ts';
import { createTestDatabase } from '../../support/test-database.ts';

const CREATE = `mutation ($input: NotificationChannelCreateInput!) { result: notificationChannelCreate(input: $input) {
  __typename ... on NotificationChannelCreatePayload { signingSecret } ... on Error { message } } }`;

it('without a key for secrets a channel that has some cannot be made, and one without can', async () => {
  const database = await createTestDatabase();
  const keyless = await startTestApp({ databaseUrl: database.url });
  const refused = await keyless.ask(CREATE, { input: { name: 'Hook', settings: { webhook: { url: 'https://example.com' } } } });
  expect(refused.data.result).toMatchObject({ __typename: 'SecretsUnreadableError', message: expect.stringContaining('SECRETS_KEY') });
  const fine = await keyless.ask(CREATE, { input: { name: 'Log', settings: { log: true } } });
  expect(fine.data.result).toMatchObject({ __typename: 'NotificationChannelCreatePayload', signingSecret: null });
  await keyless.stop();
  await database.drop();
});
