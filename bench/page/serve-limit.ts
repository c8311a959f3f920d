/* The least a server can do: the same statement, the same answer, nothing in between. */
import { createServer } from 'node:http';
import { cursorOf, readPage } from './page-sql.ts';
import { reportUsage } from './report-usage.ts';
import { PAGE_ROWS } from './selected-fields.ts';

const server = createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    const read = await readPage(PAGE_ROWS);
    const edges = read.slice(0, PAGE_ROWS).map((row) => ({
      cursor: cursorOf(row),
      node: {
        id: Buffer.from(`ScanResult:${row.id}`).toString('base64'),
        detectedAt: new Date(row.detectedAtMs),
        symbol: row.symbol,
        strategy: row.strategy,
        expiration: row.expiration,
        netCredit: row.metrics.netCredit,
        maxProfit: row.metrics.maxProfit,
        maxLoss: row.metrics.maxLoss,
        probabilityOfProfit: row.metrics.probabilityOfProfit,
        returnOnRisk: row.metrics.returnOnRisk,
        score: row.metrics.score,
        reasons: row.reasons,
      },
    }));
    const pageInfo = { hasNextPage: read.length > PAGE_ROWS, endCursor: edges.at(-1)?.cursor ?? null };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { scanResults: { edges, pageInfo } } }));
  });
});
server.listen(0, '127.0.0.1', () => reportUsage((server.address() as { port: number }).port));
