import { z } from 'zod';
import { setting } from '../setting.ts';
import { choice } from '../values/choice.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export const logSection = z.strictObject({
  level: setting(choice(LOG_LEVELS), {
    environment: 'LOG_LEVEL',
    flag: 'log-level',
    description: 'Least severe level that is written.',
    default: 'info',
  }),
  format: setting(choice(LOG_FORMATS), {
    environment: 'LOG_FORMAT',
    flag: 'log-format',
    description: 'How log lines look; auto is pretty in a terminal and json, one object a line, elsewhere.',
    default: 'auto',
  }),
});
