import type { ServerResponse } from 'node:http';
import type { GraphQLContext } from '../../schema/context.ts';
import { EXPORT_FORMATS, type ExportState, progressLine } from './export-format.ts';
import type { ExportParameters } from './export-parameters.ts';
import type { ExportPage, ExportQuery } from './export-source.ts';
import { createResponseWriter } from './response-writer.ts';

/** Rows and values that are made text in one go, which takes a few milliseconds: others have their turn in between. */
const ROWS_PER_PIECE = 100;
const VALUES_PER_PIECE = 1_200;

export interface WriteExportOptions {
  readonly query: ExportQuery;
  readonly parameters: ExportParameters;
  /** Rows of a page. */
  readonly pageRows: number;
  /** Most rows in all. */
  readonly rowLimit: number;
  readonly estimatedRows: number | null;
  /** For each page. @throws when whoever asked may not go on */
  readonly newContext: () => GraphQLContext;
  readonly response: ServerResponse;
  /** Headers; called when nothing that can be refused is left. */
  readonly begin: () => void;
  readonly stallMs: number;
  readonly onWritten: (rows: number, bytes: number) => void;
}

/**
 * Writes page after page. At any time one page is held: the next one is read when the client has taken the last.
 *
 * @throws what reading throws, before `begin` or after; OperationCancelledError and StalledReaderError about the client
 */
export async function writeExport(options: WriteExportOptions): Promise<void> {
  const { query, parameters, pageRows, rowLimit, estimatedRows, newContext, response, begin, stallMs, onWritten } = options;
  const { columns } = query;
  const format = EXPORT_FORMATS[parameters.format];
  const rowsPerPiece = Math.max(1, Math.min(ROWS_PER_PIECE, Math.floor(VALUES_PER_PIECE / columns.length)));
  let cursor = parameters.after;
  let rows = 0;
  let context = newContext();
  const { slicer } = context.services;
  const read = (): Promise<ExportPage> => query.page(cursor, Math.min(pageRows, rowLimit - rows), context);
  let page = await read();
  begin();
  const writer = createResponseWriter(response, stallMs);
  async function write(text: string, ofRows = 0): Promise<void> {
    if (text === '') return;
    onWritten(ofRows, Buffer.byteLength(text));
    await writer.write(text);
  }
  const state = (isComplete: boolean): ExportState => ({ rows, estimatedRows, cursor, isComplete });

  await write(format.begin(columns));
  for (;;) {
    for (let start = 0; start < page.rows.length; start += rowsPerPiece) {
      // In front of the first one too: rows that have just been read have taken their time already.
      await slicer.turn();
      const piece = page.rows.slice(start, start + rowsPerPiece);
      const text = format.rows(piece, columns, rows === 0);
      rows += piece.length;
      cursor = piece.at(-1)!.cursor;
      await write(text, piece.length);
    }
    const isLast = !page.hasMore || rows >= rowLimit;
    if (parameters.progress) await write(progressLine(state(isLast && !page.hasMore)));
    if (isLast) break;
    context = newContext();
    page = await read();
  }
  await write(format.end(state(!page.hasMore)));
  response.addTrailers({
    'x-export-rows': String(rows),
    'x-export-complete': String(!page.hasMore),
    ...(cursor !== null && { 'x-export-cursor': cursor }),
  });
  await finished(response);
}

/** Until the client has taken it all, or gone. */
function finished(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end();
  });
}
