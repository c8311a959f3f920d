import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { AlertSettingChange, StoredAlertSetting } from '../../domain/alerts/alert-setting.ts';
import type { AlertSettingStore } from './alert-setting-store.ts';

export interface HiddenRulesDeps {
  readonly follower: { follow(handler: (changes: readonly AlertSettingChange[]) => void): () => void };
  readonly store: Pick<AlertSettingStore, 'privateRules'>;
}

/** Which rules are private, and whose: few, so that nearly everybody may see every alert. */
export interface HiddenRules {
  /** To be called when the follower has been started. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Private rules of others, ascending; none for administrators. */
  of(viewer: Viewer): readonly string[];
}

export function createHiddenRules({ follower, store }: HiddenRulesDeps): HiddenRules {
  /** By id, the owner. A private rule that is deleted stays private: its alerts are still there. */
  const owners = new Map<string, string | null>();
  const revisions = new Map<string, number>();
  let unfollow = () => {};

  function put({ kind, id, revision, isPrivate, owner }: StoredAlertSetting): void {
    if (kind !== 'RULE' || (revisions.get(id) ?? 0) >= revision) return;
    revisions.set(id, revision);
    if (isPrivate) owners.set(id, owner);
    else owners.delete(id);
  }

  return {
    async start() {
      unfollow = follower.follow((changes) => {
        for (const { setting } of changes) put(setting);
      });
      for (const setting of await store.privateRules()) put(setting);
    },
    async stop() {
      unfollow();
    },
    of({ subject, roles }) {
      if (owners.size === 0 || isPermitted(roles, 'MANAGE_ACCESS')) return [];
      return [...owners].flatMap(([id, owner]) => (owner === subject ? [] : id)).sort();
    },
  };
}
