import type { Answer, TestApp } from './start-test-app.ts';

export interface StatusAnswer extends Answer {
  /** Of HTTP. */
  readonly status: number;
}

/** POSTs an operation with what shows who asks: an Authorization header, or others. */
export async function askAs(
  app: Pick<TestApp, 'origin'>,
  shown: string | Readonly<Record<string, string>>,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<StatusAnswer> {
  const response = await fetch(`${app.origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(typeof shown === 'string' ? { authorization: shown } : shown),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}
