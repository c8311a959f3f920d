import { z } from 'zod';
import { configModel } from './config.ts';
import { type RegisteredSetting, settingRegistry } from './setting.ts';

export interface Setting extends RegisteredSetting {
  /** Keys from the top of the configuration: `['feed', 'tradier', 'token']`. */
  readonly keys: readonly string[];
  /** The keys joined by dots, as people write it: `feed.tradier.token`. */
  readonly path: string;
}

function settingsUnder(model: z.ZodObject, parents: readonly string[]): Setting[] {
  return Object.entries(model.shape).flatMap(([key, schema]) => {
    const keys = [...parents, key];
    if (schema instanceof z.ZodObject) return settingsUnder(schema, keys);
    const registered = settingRegistry.get(schema as z.ZodType);
    if (registered === undefined) throw new Error(`expected ${keys.join('.')} to be defined by setting() or optionalSetting()`);
    return [{ ...registered, keys, path: keys.join('.') }];
  });
}

/** Every setting of the program in the order of the models: the one source of the parser, the help text, the table and the example file. */
export function listSettings(): readonly Setting[] {
  return settingsUnder(configModel, []);
}
