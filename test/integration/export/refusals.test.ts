import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aResultDraft } from '../../support/a-result-draft.ts';
import { aBearerToken } from '../../support/a-token.ts';
import { address } from '../../support/address.ts';
import { httpRequest } from '../../support/http-request.ts';
import { type ExportApp, startExportApp } from '../../support/start-export-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of any source
type Row = any;

let served: ExportApp;
let app: ExportApp['app'];
let admin: ExportApp['admin'];
let get: ExportApp['get'];

beforeAll(async () => {
  served = await startExportApp();
  await served.appender.append(Array.from({ length: 11 }, () => aResultDraft({ filterId: served.shared })));
  ({ app, admin, get } = served);
});

afterAll(() => served.stop());

describe('what is refused', () => {
  it('who shows nothing, who may not, and pages of others', async () => {
    const nobody = await httpRequest(`${app.origin}/export/scan-results`);
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect((nobody.json() as Row).errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', failure: 'MISSING' });
    const developer = await get('scan-results', await aBearerToken({ roles: ['DEVELOPER'] }));
    expect(developer.status).toBe(403);
    expect((developer.json() as Row).errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'READ_RESULTS' });
    const page = await httpRequest(`${app.origin}/export/scan-results`, {
      headers: { 'sec-fetch-site': 'cross-site', 'user-agent': 'Mozilla/5.0' },
    });
    expect([page.status, (page.json() as Row).errors[0].extensions.code]).toEqual([403, 'CROSS_SITE_REQUEST']);
    expect((await httpRequest(`${app.origin}/export/scan-results`, { method: 'POST', headers: { authorization: admin } })).status).toBe(
      405,
    );
    expect((await get('nothing')).status).toBe(404);
  });

  it.each([
    ['another parameter', { filtr: '{}' }, 'filtr: expected one of format, after, limit, columns, progress, filter, from, before, order'],
    ['another format', { format: 'xml' }, 'format: expected ndjson, csv, json, got "xml"'],
    ['no JSON', { filter: '{' }, 'filter: expected JSON'],
    ['another criterion', { filter: '{"scroe":{"min":1}}' }, 'Field "scroe" is not defined by type "ScanResultFilter"'],
    ['a range upside down', { filter: '{"score":{"min":2,"max":1}}' }, 'filter.score'],
    ['another column', { columns: 'symbol,prise' }, 'columns: expected some of id, '],
    ['no cursor', { after: 'abc' }, 'expected a cursor'],
    ['no count', { limit: '0' }, 'limit: expected a count ≥ 1, got "0"'],
    ['no time', { from: 'yesterday' }, 'DateTime'],
  ])('%s, as JSON that says what was expected', async (_what, parameters, message) => {
    const answer = await get(address('scan-results', parameters as unknown as Record<string, string>));
    expect(answer.status).toBe(400);
    const [error] = (answer.json() as Row).errors;
    expect(error.message).toContain(message);
    expect(error.extensions.requestId).toBe(answer.headers['x-request-id']);
  });

  it('more rows than are granted, with the limit and the value; without a count, as many come as are granted', async () => {
    const analyst = await aBearerToken({ roles: ['ANALYST'] });
    const refused = await get('scan-results?limit=11', analyst);
    expect(refused.status).toBe(400);
    expect((refused.json() as Row).errors[0].extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'exportRows',
      allowed: 10,
      requested: 11,
    });
    const { rows, export: state } = (await get('scan-results?format=json', analyst)).json() as Row;
    expect(rows).toHaveLength(10);
    expect(state).toMatchObject({ rows: 10, isComplete: false, cursor: rows[9].cursor });
  });
});
