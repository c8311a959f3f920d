/**
 * npm runs scripts in a shell. On Linux and macOS `npm start` says `exec node …`, so that the server takes the shell's place and gets the signals that npm passes on:
 * without it the shell alone would end and leave the server behind. The shell of Windows has no `exec`; there this puts a program of that name on npm's path, which
 * just runs the rest of the line. Plain JavaScript: it runs before every start and must not take long.
 */
import { writeFileSync } from 'node:fs';

const RUN_THE_REST = '@%*\r\n';

if (process.platform === 'win32') writeFileSync(new URL('../node_modules/.bin/exec.cmd', import.meta.url), RUN_THE_REST);
