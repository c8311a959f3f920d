import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the service host, which global-setup.ts starts. */
    readonly serviceHost: string;
    /** Folder of this test run, which it removes at its end. */
    readonly runDirectory: string;
  }
}
