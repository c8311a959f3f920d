import { connect, type Socket } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import { TooSlowError } from './too-slow-error.ts';

/** A TCP connection to where the guard lets through, for protocols whose library resolves names itself. @throws BlockedAddressError, TooSlowError, what the network says */
export async function guardedConnect(guard: AddressGuard, host: string, port: number, timeoutMs: number): Promise<Socket> {
  guard.checkHost(host);
  const socket = connect({ host, port, lookup: guard.lookup });
  const timer = setTimeout(() => socket.destroy(new TooSlowError(`expected a connection within ${timeoutMs} ms, got none`)), timeoutMs);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    socket.removeAllListeners('error');
    socket.removeAllListeners('connect');
  }
}
