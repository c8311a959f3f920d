import type { Setting } from './list-settings.ts';
import { SECTION_TITLES } from './section-titles.ts';

export interface SettingsSection {
  readonly key: string;
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** The settings under the headings people read. */
export function settingsBySection(settings: readonly Setting[]): readonly SettingsSection[] {
  return Object.entries(SECTION_TITLES).map(([key, title]) => ({ key, title, settings: settings.filter(({ keys }) => keys[0] === key) }));
}
