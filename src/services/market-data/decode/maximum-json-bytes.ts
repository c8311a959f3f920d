/**
 * Longest text that is given to JSON.parse, bytes. Its objects may take twenty times as much (`{},` is three bytes and an object of about 60), and must fit into the heap of the
 * decode thread: when JSON.parse fills that, Node.js 22 and 24 end the whole process, not only the thread. Answers of Cboe have up to some 10 MB, nearly all of it options,
 * which are read without it.
 */
export const MAXIMUM_JSON_BYTES = 16 * 1024 * 1024;
