import type { ChannelSecrets } from '../../domain/notifications/channel-secrets.ts';
import type { ChannelStore } from './channel-store.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import { SecretsUnreadableError } from './secrets/secrets-unreadable-error.ts';

/** Seals the secrets of channels, each for its channel alone. */
export interface ChannelSecretBox {
  /** Null when there are none. @throws SecretsUnreadableError when this process has no key */
  seal(channelId: string, secrets: ChannelSecrets | null): string | null;
  /** @throws SecretsUnreadableError */
  open(channelId: string, sealed: string | null): ChannelSecrets | null;
  /** After a rotation: seals with the current key what another one has sealed; what cannot be opened stays. */
  resealAll(store: Pick<ChannelStore, 'withSecrets' | 'reseal'>): Promise<void>;
}

/** @param box null: there is no key */
export function createChannelSecretBox(box: SecretBox | null): ChannelSecretBox {
  function required(): SecretBox {
    if (!box) throw new SecretsUnreadableError('expected a key that secrets of channels are sealed with, got none: set SECRETS_KEY');
    return box;
  }

  function seal(channelId: string, secrets: ChannelSecrets | null): string | null {
    return secrets === null ? null : required().seal(JSON.stringify(secrets), `notification-channel:${channelId}`);
  }

  function open(channelId: string, sealed: string | null): ChannelSecrets | null {
    return sealed === null ? null : (JSON.parse(required().open(sealed, `notification-channel:${channelId}`)) as ChannelSecrets);
  }

  return {
    seal,
    open,
    async resealAll(store) {
      if (!box) return;
      for (const { id, sealedSecrets } of await store.withSecrets()) {
        if (sealedSecrets === null || box.isCurrent(sealedSecrets)) continue;
        try {
          await store.reseal(id, sealedSecrets, seal(id, open(id, sealedSecrets))!);
        } catch (error) {
          if (!(error instanceof SecretsUnreadableError)) throw error;
        }
      }
    },
  };
}
