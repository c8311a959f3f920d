import { parentPort, workerData } from 'node:worker_threads';
import { graphiqlDocument } from './graphiql-document.ts';

/** The program of the thread that make-graphiql-document.ts starts: makes the page for the symbol it is given, hands it over and ends. */
const document = graphiqlDocument(workerData as string);
parentPort?.postMessage(document, [document.html.buffer]);
