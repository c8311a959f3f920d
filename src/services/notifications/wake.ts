import type { JobQueue } from '../jobs/job-queue.ts';

/** A job that says: this channel has something to send. What that is, its rows tell. */
export interface Wake {
  readonly channelId: string;
}

export type WakeQueue = JobQueue<Wake>;
