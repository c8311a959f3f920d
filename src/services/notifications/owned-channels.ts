import type { Transaction } from '../../db/client.ts';
import { type AuditAction, type AuditEntry, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { ForbiddenError } from '../../domain/access/forbidden-error.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { canEditChannel } from '../../domain/notifications/can-edit-channel.ts';
import type { ChannelInput } from '../../domain/notifications/channel-input.ts';
import type { Notification } from '../../domain/notifications/notification.ts';
import type { NotificationChannel } from '../../domain/notifications/notification-channel.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { parseReason } from '../access/parse-reason.ts';
import type { ChannelChanged, ChannelService, MadeChannel } from './channel-service.ts';
import type { NotificationService } from './notification-service.ts';

export interface OwnedChannelsDeps {
  readonly channels: ChannelService;
  readonly notifications: Pick<NotificationService, 'test'>;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** UUIDv7. */
  readonly newId: () => string;
}

/** What goes with a change besides its content. */
export interface ChannelRequest {
  readonly caller: Caller;
  readonly reason?: string | null | undefined;
}

/** Notification channels for people: who may change which, and that nothing is done without a trace. */
export interface OwnedChannels extends Pick<ChannelService, 'byIds' | 'page'> {
  /** See ChannelService.create; keys of one caller say nothing about those of another. */
  create(input: ChannelInput, request: ChannelRequest & { readonly idempotencyKey: string | null }): Promise<MadeChannel>;
  /** See ChannelService.update. @throws also ForbiddenError */
  update(id: string, expectedRevision: number, input: Partial<ChannelInput>, request: ChannelRequest): Promise<NotificationChannel>;
  /** See ChannelService.rotateSigningSecret. @throws also ForbiddenError */
  rotateSigningSecret(id: string, expectedRevision: number, overlapMs: number, request: ChannelRequest): Promise<MadeChannel>;
  /** See ChannelService.delete. @throws also ForbiddenError */
  delete(id: string, expectedRevision: number, request: ChannelRequest): Promise<NotificationChannel>;
  /** See NotificationService.test. @throws also ForbiddenError */
  test(id: string, request: ChannelRequest): Promise<Notification>;
}

export function createOwnedChannels({ channels, notifications, auditLog, newId }: OwnedChannelsDeps): OwnedChannels {
  async function editable(id: string, viewer: Viewer): Promise<NotificationChannel> {
    const [channel] = await channels.byIds([id]);
    if (!channel || channel.deletedAtMs !== null) throw new NotFoundError(`expected the id of a notification channel, got ${id}`);
    if (!canEditChannel(channel, viewer)) {
      throw new ForbiddenError(`expected a notification channel of ${viewer.subject}, got one of ${channel.owner}`, null);
    }
    return channel;
  }

  /** Does something with an entry in its transaction, and tells of the entry when both are committed. */
  async function audited<Done>(
    action: AuditAction,
    { caller, reason }: ChannelRequest,
    work: (
      append: (transaction: Transaction, about: Pick<NotificationChannel, 'id' | 'name'>, revisions: Revisions) => Promise<void>,
    ) => Promise<Done>,
  ): Promise<Done> {
    const parsedReason = parseReason(reason);
    let entries: readonly AuditEntry[] = [];
    const done = await work(async (transaction, { id, name }, revisions) => {
      const about = { objectKind: 'NOTIFICATION_CHANNEL', objectId: id, objectName: name } as const;
      const draft = draftAuditEntry(newId(), caller, { action, ...about, ...revisions, reason: parsedReason });
      entries = await auditLog.append(transaction, [draft]);
    });
    auditLog.committed(entries);
    return done;
  }

  const changing = <Done>(action: AuditAction, request: ChannelRequest, work: (changed: ChannelChanged) => Promise<Done>) =>
    audited(action, request, (append) =>
      work((transaction, channel, before) =>
        append(transaction, channel, {
          fromRevision: before?.revision ?? null,
          toRevision: channel.deletedAtMs === null ? channel.revision : null,
        }),
      ),
    );

  return {
    byIds: channels.byIds,
    page: channels.page,
    create(input, { idempotencyKey, ...request }) {
      const { subject } = request.caller.viewer;
      const key = idempotencyKey === null ? null : `${subject} ${idempotencyKey}`;
      return changing('CHANNEL_CREATED', request, (changed) => channels.create(input, subject, changed, key));
    },
    async update(id, expectedRevision, input, request) {
      await editable(id, request.caller.viewer);
      return changing('CHANNEL_UPDATED', request, (changed) => channels.update(id, expectedRevision, input, changed));
    },
    async rotateSigningSecret(id, expectedRevision, overlapMs, request) {
      await editable(id, request.caller.viewer);
      return changing('CHANNEL_SECRET_ROTATED', request, (changed) =>
        channels.rotateSigningSecret(id, expectedRevision, overlapMs, changed),
      );
    },
    async delete(id, expectedRevision, request) {
      await editable(id, request.caller.viewer);
      return changing('CHANNEL_DELETED', request, (changed) => channels.delete(id, expectedRevision, changed));
    },
    async test(id, request) {
      const channel = await editable(id, request.caller.viewer);
      return audited('CHANNEL_TESTED', request, (append) =>
        notifications.test(id, (transaction) =>
          append(transaction, channel, { fromRevision: channel.revision, toRevision: channel.revision }),
        ),
      );
    },
  };
}

interface Revisions {
  readonly fromRevision: number | null;
  readonly toRevision: number | null;
}
