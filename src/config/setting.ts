import { z } from 'zod';
import type { SettingValue } from './values/setting-value.ts';

/** What people are told about one setting, and where it may come from. Its YAML path is its place in the model. */
export interface SettingDescription {
  readonly environment: string;
  /** Command line flag without the dashes. */
  readonly flag?: string;
  /** One or two sentences; names the unit when `unit` does not. */
  readonly description: string;
  readonly unit?: string;
  /** A secret is never echoed, printed or logged. */
  readonly secret?: boolean;
  /** Shown in the example file when there is no default. */
  readonly example?: string | readonly string[];
}

export interface RegisteredSetting extends SettingDescription {
  readonly value: Pick<SettingValue<unknown>, 'expected' | 'form' | 'mayHoldPassword'>;
  /** Undefined when the setting has no default. */
  readonly default: unknown;
}

/** Descriptions of every setting, by the zod schema that parses it. Filled while the models are defined, never afterwards. */
export const settingRegistry = z.registry<RegisteredSetting>();

/** A setting that always has a value. */
export function setting<T>(value: SettingValue<T>, description: SettingDescription & { readonly default: NoInfer<T> }) {
  // A factory, so that a list of one parse is never the list of another.
  const schema = value.schema.default(() => structuredClone(description.default) as z.core.util.NoUndefined<T>);
  return schema.register(settingRegistry, { ...description, value });
}

/** A setting whose absence means something of its own, told in its description. */
export function optionalSetting<T>(value: SettingValue<T>, description: SettingDescription) {
  return value.schema.optional().register(settingRegistry, { ...description, value, default: undefined });
}
