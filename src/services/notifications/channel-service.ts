import type { Sql, Transaction } from '../../db/client.ts';
import { isUniqueViolation } from '../../db/is-unique-violation.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { ChannelInput } from '../../domain/notifications/channel-input.ts';
import type { ChannelSecrets } from '../../domain/notifications/channel-secrets.ts';
import type { NotificationChannel } from '../../domain/notifications/notification-channel.ts';
import { type ChannelContent, parseChannelInput } from '../../domain/notifications/parse-channel-input.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { ChannelSecretBox } from './channel-secret-box.ts';
import type { ChannelStore, StoredChannel } from './channel-store.ts';

/** Long enough for receivers to take over a new secret, short enough that a stolen one ends; an Int of GraphQL holds no more milliseconds. */
const LONGEST_OVERLAP_MS = 24 * 86_400_000;
/** Far beyond the places at which anybody is told of alerts: a loop that makes channels ends here. Two at the same moment may exceed it by one. */
const MOST_CHANNELS = 1_000;

/** Called in the transaction of a change, with what was there before it (null: nothing): so that nothing is done without a trace. */
export type ChannelChanged = (transaction: Transaction, channel: NotificationChannel, before: NotificationChannel | null) => Promise<void>;

export interface ChannelServiceDeps {
  /** For writing. */
  readonly sql: Sql;
  readonly store: ChannelStore;
  readonly secrets: ChannelSecretBox;
  readonly allowInsecure: boolean;
  /** `whsec_` and the base64 of random bytes. */
  readonly newSigningSecret: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/** A channel, and the key its webhooks are signed with when this call has made it: it is never shown again. */
export interface MadeChannel {
  readonly channel: NotificationChannel;
  readonly newSigningSecret: string | null;
}

/** Where alerts are told. Nothing it returns holds a secret, but for `newSigningSecret`. */
export interface ChannelService {
  /**
   * The same idempotency key again answers with what it made, without its signing secret.
   * @throws ValidationError, ConflictError (the name is taken, or the key was used for something else), LimitExceededError, SecretsUnreadableError (this process has no key)
   */
  create(input: ChannelInput, owner: string, changed?: ChannelChanged, idempotencyKey?: string | null): Promise<MadeChannel>;
  /** Only what is given changes; what the server has disabled is enabled by `enabled: true`. @throws NotFoundError, ValidationError, ConflictError, SecretsUnreadableError */
  update(id: string, expectedRevision: number, input: Partial<ChannelInput>, changed?: ChannelChanged): Promise<NotificationChannel>;
  /**
   * A new key for the webhooks of a channel; the current one signs beside it for a while.
   * @throws NotFoundError, ValidationError, ConflictError, SecretsUnreadableError
   */
  rotateSigningSecret(id: string, expectedRevision: number, overlapMs: number, changed?: ChannelChanged): Promise<MadeChannel>;
  /** What waits to be sent on it is skipped. @throws NotFoundError, ConflictError */
  delete(id: string, expectedRevision: number, changed?: ChannelChanged): Promise<NotificationChannel>;
  /** Deleted ones too; the order is not that of the ids. */
  byIds(ids: readonly string[]): Promise<NotificationChannel[]>;
  /** @param owner null: of everybody */
  page(request: PageRequest, owner: string | null): Promise<Page<NotificationChannel>>;
}

export function createChannelService(deps: ChannelServiceDeps): ChannelService {
  const { sql, store, secrets: box, allowInsecure, newSigningSecret, clock, newId } = deps;
  const options = { allowInsecure, newSigningSecret };

  async function current(id: string, expectedRevision: number): Promise<StoredChannel> {
    const [channel] = await store.byIds([id]);
    if (!channel || channel.deletedAtMs !== null) throw new NotFoundError(`expected the id of a notification channel, got ${id}`);
    if (channel.revision !== expectedRevision) {
      throw new ConflictError(`expected revision ${expectedRevision} to be in force, got ${channel.revision}`, channel.revision);
    }
    return channel;
  }

  async function replace(before: StoredChannel, after: StoredChannel, changed: ChannelChanged | undefined): Promise<NotificationChannel> {
    const next = { ...after, revision: before.revision + 1, updatedAtMs: clock() };
    await sql.begin(async (transaction) => {
      if (!(await store.replace(transaction, next))) throw new ConflictError('the channel was changed at the same moment, read it again');
      await changed?.(transaction, shown(next), shown(before));
    });
    return shown(next);
  }

  function contentOf(channel: StoredChannel): ChannelContent {
    return { ...channel, secrets: box.open(channel.id, channel.sealedSecrets) };
  }

  async function madeWith(key: string | null, input: ChannelInput): Promise<MadeChannel | null> {
    const channel = key === null ? null : await store.byIdempotencyKey(key);
    if (!channel) return null;
    if (channel.revision === 1 && (channel.name !== input.name.trim() || channel.settings.kind !== input.settings.kind)) {
      throw new ConflictError(`expected an idempotency key that is new, got one that made the channel ${JSON.stringify(channel.name)}`);
    }
    return { channel: shown(channel), newSigningSecret: null };
  }

  return {
    async create(input, owner, changed, idempotencyKey = null) {
      const { secrets, ...content } = parseChannelInput(input, null, options);
      const made = await madeWith(idempotencyKey, input);
      if (made) return made;
      const id = newId();
      const nowMs = clock();
      const channel: StoredChannel = {
        ...content,
        id,
        sealedSecrets: box.seal(id, secrets),
        disabledReason: null,
        owner,
        revision: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        deletedAtMs: null,
      };
      try {
        await sql.begin(async (transaction) => {
          const others = await store.count(transaction);
          if (others >= MOST_CHANNELS) throw new LimitExceededError('notification channels', MOST_CHANNELS, others + 1);
          await store.insert(transaction, channel, idempotencyKey);
          await changed?.(transaction, shown(channel), null);
        });
      } catch (error) {
        // The same key at the same moment: the other call made it. Its name may be what collided first.
        const twin = await madeWith(idempotencyKey, input);
        if (twin && (error instanceof ConflictError || isUniqueViolation(error, 'notification_channels_idempotency_key_unique')))
          return twin;
        throw error;
      }
      const isGiven = input.settings.kind === 'WEBHOOK' && input.settings.signingSecret !== undefined;
      return { channel: shown(channel), newSigningSecret: isGiven ? null : signingSecretOf(secrets) };
    },

    async update(id, expectedRevision, input, changed) {
      const before = await current(id, expectedRevision);
      // A rename must be possible also where the secrets cannot be read.
      const kept: ChannelContent = input.settings ? contentOf(before) : { ...before, secrets: null };
      const { secrets, ...content } = parseChannelInput(input, kept, options);
      const sealedSecrets = input.settings ? box.seal(id, secrets) : before.sealedSecrets;
      const disabledReason = input.enabled === undefined ? before.disabledReason : null;
      return replace(before, { ...before, ...content, sealedSecrets, disabledReason }, changed);
    },

    async rotateSigningSecret(id, expectedRevision, overlapMs, changed) {
      const before = await current(id, expectedRevision);
      const { secrets } = contentOf(before);
      if (secrets?.kind !== 'WEBHOOK') {
        throw new ValidationError([{ path: 'id', message: `expected a channel of kind WEBHOOK, got ${before.settings.kind}` }]);
      }
      if (!Number.isInteger(overlapMs) || overlapMs < 0 || overlapMs > LONGEST_OVERLAP_MS) {
        throw new ValidationError([
          { path: 'overlapMs', message: `expected milliseconds from 0 to ${LONGEST_OVERLAP_MS}, got ${overlapMs}` },
        ]);
      }
      const nowMs = clock();
      const secret = newSigningSecret();
      const older = secrets.signingSecrets
        .map((kept) => ({ ...kept, expiresAtMs: kept.expiresAtMs ?? nowMs + overlapMs }))
        .filter(({ expiresAtMs }) => expiresAtMs > nowMs);
      const sealedSecrets = box.seal(id, { ...secrets, signingSecrets: [{ secret, expiresAtMs: null }, ...older] });
      return { channel: await replace(before, { ...before, sealedSecrets }, changed), newSigningSecret: secret };
    },

    async delete(id, expectedRevision, changed) {
      const before = await current(id, expectedRevision);
      // Nobody needs its secrets any more.
      return replace(before, { ...before, deletedAtMs: clock(), sealedSecrets: null }, changed);
    },

    byIds: async (ids) => (await store.byIds(ids)).map(shown),
    async page(request, owner) {
      const page = await store.page(request, owner);
      return { ...page, rows: page.rows.map(shown) };
    },
  };
}

function shown({ sealedSecrets: _sealed, ...channel }: StoredChannel): NotificationChannel {
  return channel;
}

function signingSecretOf(secrets: ChannelSecrets | null): string | null {
  return secrets?.kind === 'WEBHOOK' ? secrets.signingSecrets[0]!.secret : null;
}
