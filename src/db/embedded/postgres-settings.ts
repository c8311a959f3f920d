/** In the command line of the server, and in the titles of its processes: by it we know a server of ours again. */
export const CLUSTER_NAME = 'strikewire';

export type PostgresSettings = Readonly<Record<string, string>>;

/** For a laptop that does other things as well: 31 MB when idle. Everything that keeps data safe stays on. */
export const PRODUCT_SETTINGS: PostgresSettings = {
  shared_buffers: '128MB',
  max_connections: '100',
  // Queries over history are short and many; compiling them costs more than it saves.
  jit: 'off',
};

/** For data that may be lost when the machine stops, but not when the server does: tests. */
export const DISPOSABLE_SETTINGS: PostgresSettings = {
  ...PRODUCT_SETTINGS,
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  autovacuum: 'off',
};

/** What the supervisor relies on; not to be changed by a caller. */
export function supervisedSettings(port: number): PostgresSettings {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    cluster_name: CLUSTER_NAME,
    // The process id tells the messages of one connection apart; the time comes from our own log.
    log_line_prefix: '[%p] ',
    log_destination: 'stderr',
    logging_collector: 'off',
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}
