import { expect, vi } from 'vitest';
import type { TestApp } from './start-test-app.ts';

const SCAN = `mutation ($input: ScanRequestInput!) { scanRequest(input: $input) {
  __typename ... on ScanRequestPayload { scanRun { id } } ... on Error { message } } }`;

export const SCAN_RUN = 'query ($id: ID!) { scanRun(id: $id) { id state results } }';

/** Asks for a scan; the global id of its run. */
export async function requestScan(app: TestApp, symbols: readonly string[]): Promise<string> {
  const { data } = await app.ask(SCAN, { input: { symbols } });
  expect(data.scanRequest).toMatchObject({ __typename: 'ScanRequestPayload' });
  return data.scanRequest.scanRun.id as string;
}

/** Asks for a scan and waits until it has ended; how many results it stored. */
export async function scanAndWait(app: TestApp, symbols: readonly string[]): Promise<number> {
  const id = await requestScan(app, symbols);
  return vi.waitFor(async () => {
    const { data } = await app.ask(SCAN_RUN, { id });
    expect(data.scanRun.state).toBe('COMPLETED');
    return data.scanRun.results as number;
  });
}
