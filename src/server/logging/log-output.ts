/** Where finished log lines go. */
export interface LogOutput {
  write(text: string): void;
}

/**
 * Writes to a stream until it breaks. When nobody reads any more (`strikewire | head`, a closed terminal, a full disk) the lines are dropped: losing the
 * reader of the logs must not stop the server. Without the listener the stream's error would end the process.
 */
export function createLogOutput(stream: Pick<NodeJS.WritableStream, 'write' | 'on'>): LogOutput {
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  return {
    write: (text) => {
      if (!broken) stream.write(text);
    },
  };
}
