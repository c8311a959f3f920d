import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the service host, which global-setup.ts starts. */
    readonly serviceHost: string;
  }
}
