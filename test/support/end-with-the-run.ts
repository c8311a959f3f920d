/**
 * Imported by what starts servers: a test that hangs must not outlive a run that was killed, nor keep its servers. Each test file is a child process of the run,
 * connected to it.
 */
if (process.connected) process.once('disconnect', () => process.exit(1));

export {};
