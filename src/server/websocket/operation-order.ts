import { type CompleteMessage, type Message, MessageType, type SubscribeMessage } from 'graphql-ws';

interface Running {
  isCompleted: boolean;
  /** Never rejects. */
  readonly over: Promise<void>;
}

/**
 * Hands the messages of one connection to graphql-ws in an order it can bear. An operation that its client has completed takes a moment to end; should the client use
 * the id again meanwhile, the end of the old operation would be taken for that of the new one, which would go on unseen. So messages of such an id wait for the end.
 *
 * @param handle resolves when the message, and with it an operation, is done with
 */
export function createOperationOrder(handle: (message: Message) => Promise<void>): (message: Message) => Promise<void> {
  const operations = new Map<string, Running>();

  function subscribe(message: SubscribeMessage): Promise<void> {
    const { id } = message;
    const done = handle(message);
    // An id in use: the connection is being closed.
    if (operations.has(id)) return done;
    const forget = () => void operations.delete(id);
    operations.set(id, { isCompleted: false, over: done.then(forget, forget) });
    return done;
  }

  function takeOperationMessage(message: SubscribeMessage | CompleteMessage): Promise<void> {
    const running = operations.get(message.id);
    if (running?.isCompleted) return running.over.then(() => takeOperationMessage(message));
    if (message.type === MessageType.Subscribe) return subscribe(message);
    if (running) running.isCompleted = true;
    return handle(message);
  }

  return (message) =>
    message.type === MessageType.Subscribe || message.type === MessageType.Complete ? takeOperationMessage(message) : handle(message);
}
