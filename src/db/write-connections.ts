/** Connections kept for writing: one transaction is written at a time, the others are for reading what a stream lacks meanwhile. */
export const WRITE_CONNECTIONS = 3;
