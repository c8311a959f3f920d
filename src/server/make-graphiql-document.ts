import { startThread } from '../services/threads/start-thread.ts';
import type { GraphiqlDocument } from './graphiql-document.ts';

/**
 * Makes the page in a thread of its own, which ends with it: the package is a module of 9 MB, and loading it and looking for the page's scripts would hold up the event loop for a quarter
 * of a second.
 *
 * @param symbol an underlying for the examples
 */
export function makeGraphiqlDocument(symbol: string): Promise<GraphiqlDocument> {
  return new Promise((resolve, reject) => {
    const thread = startThread(import.meta.url, 'graphiql-thread', { name: 'graphiql', workerData: symbol });
    // A server that stops does not wait for it.
    thread.unref();
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`expected the page of GraphiQL, the thread that makes it ended with ${code}`)));
  });
}
