import type { Logger } from 'pino';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { abortable } from '../decode/abortable.ts';
import type { DecodeWorker } from '../decode/decode-worker.ts';
import { FeedEndedError, FeedUnavailableError, UnknownUnderlyingError } from '../feed-errors.ts';
import type { MarketDataFeed } from '../market-data-feed.ts';
import { createMomentReader, type MomentReader } from './moment-reader.ts';
import { openRecording } from './open-recording.ts';
import { createStepPlayback, createTimedPlayback, type Playback } from './playback.ts';
import type { Recording } from './recording.ts';

export interface ReplayFeedDeps {
  /** A recorded file, or a folder: all recorded files below it are played together. */
  readonly path: string;
  /** Recorded seconds per second (60: an hour a minute), or 'step': each fetch of a symbol goes on to its next moment. */
  readonly speed: number | 'step';
  /** Begin anew at the end; otherwise fetches reject with FeedEndedError from there on. Quotes keep the time they were recorded at. */
  readonly loop: boolean;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Stays the caller's to stop. */
  readonly decodeWorker: DecodeWorker;
  readonly log?: Logger;
}

interface Playing {
  readonly recording: Recording;
  /** Another one after a rewind. */
  playback: Playback;
  readonly readers: ReadonlyMap<string, MomentReader>;
  /** Per symbol the end of the last fetch, so that two at once do not get the same moment. */
  readonly turns: Map<string, Promise<unknown>>;
}

/**
 * Plays recorded chains. Everything is looked through at the start, which a malformed file makes fail; chains are decoded when they are
 * wanted.
 */
export function createReplayFeed({ path, speed, loop, clock, decodeWorker, log }: ReplayFeedDeps): MarketDataFeed {
  const stopping = new AbortController();
  let playing: Playing | undefined;

  function playbackOf(recording: Recording): Playback {
    return speed === 'step' ? createStepPlayback(recording, loop) : createTimedPlayback(recording, speed, loop, clock);
  }

  async function start(signal: AbortSignal): Promise<void> {
    const recording = await openRecording(path, decodeWorker, AbortSignal.any([signal, stopping.signal]));
    const readers = [...recording.moments].map(
      ([symbol, moments]) => [symbol, createMomentReader(moments, decodeWorker, stopping.signal)] as const,
    );
    playing = { recording, playback: playbackOf(recording), readers: new Map(readers), turns: new Map() };
    log?.info(summaryOf(path, recording), 'recording opened');
  }

  function requirePlaying(): Playing {
    if (playing && !stopping.signal.aborted) return playing;
    throw new FeedUnavailableError(`${path}: expected a feed that is started, got one that ${playing ? 'was stopped' : 'was not'}`);
  }

  async function playOn({ playback, readers }: Playing, symbol: string, signal: AbortSignal): Promise<ChainSnapshot> {
    signal.throwIfAborted();
    const position = playback.at(symbol);
    if (!position) throw new FeedEndedError(`${path}: the recording of ${symbol} has been played to its end, and is not to begin anew`);
    const chain = await readers.get(symbol)!.read(position.index, position.nextIndex);
    // Nobody waits for it any more: it is still the symbol's next one.
    signal.throwIfAborted();
    playback.served(symbol, position.index);
    return chain;
  }

  return {
    kind: 'replay',
    description: `recorded chains of ${path}, ${speed === 'step' ? 'a moment per fetch' : `${speed} × real time`}, ${loop ? 'over and over' : 'once'}`,
    pace: { minimumIntervalMs: 0, requestsPerSecond: Number.POSITIVE_INFINITY },
    start,
    async stop() {
      stopping.abort(new FeedUnavailableError(`${path}: the feed was stopped`));
      await Promise.allSettled(playing?.turns.values() ?? []);
    },
    async listUnderlyings(signal) {
      signal.throwIfAborted();
      return requirePlaying().recording.underlyings;
    },
    async fetchChain(symbol, signal) {
      const now = requirePlaying();
      if (!now.readers.has(symbol)) {
        throw new UnknownUnderlyingError(`expected one of ${[...now.readers.keys()].join(', ')}, which ${path} holds, got ${symbol}`);
      }
      const before = now.turns.get(symbol) ?? Promise.resolve();
      const turn = before.then(
        () => playOn(now, symbol, signal),
        () => playOn(now, symbol, signal),
      );
      now.turns.set(symbol, turn);
      return abortable(turn, signal);
    },
    rewind() {
      if (playing) playing.playback = playbackOf(playing.recording);
    },
  };
}

function summaryOf(path: string, { underlyings, moments, files, sideFiles, unknownFiles }: Recording): Record<string, unknown> {
  const times = [...moments.values()].flatMap((ofSymbol) => [ofSymbol[0]!.quotedAtMs, ofSymbol.at(-1)!.quotedAtMs]);
  return {
    path,
    files,
    sideFiles,
    unknownFiles,
    underlyings: underlyings.length,
    moments: [...moments.values()].reduce((sum, ofSymbol) => sum + ofSymbol.length, 0),
    from: new Date(Math.min(...times)).toISOString(),
    to: new Date(Math.max(...times)).toISOString(),
  };
}
