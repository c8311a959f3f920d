import { GraphQLError } from 'graphql';
import { requestContext } from './request-context.ts';

export interface RefusalDetails {
  readonly headers?: Readonly<Record<string, string>>;
  readonly limit?: string;
  readonly allowed?: number;
  readonly requested?: number;
}

/** The answer to an HTTP request that is refused before anything of it runs. @param code for `extensions` */
export function refusal(status: number, code: string, message: string, { headers = {}, ...details }: RefusalDetails = {}): GraphQLError {
  const requestId = requestContext.getStore()?.requestId;
  return new GraphQLError(message, { extensions: { code, ...details, requestId, http: { status, headers } } });
}
