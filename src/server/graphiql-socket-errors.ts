/**
 * GraphiQL shows what ends a subscription as JSON, and of the events of a WebSocket that says nothing but `"isTrusted": true`. This script lets them say what has happened. Of a
 * connection that could not be opened, browsers tell no reason.
 */
export const GRAPHIQL_SOCKET_ERRORS = `<script>
  (() => {
    const advice = 'The WebSocket could not be opened: see the network tools of the browser. A proxy in between must pass on the headers Upgrade and Connection.';
    CloseEvent.prototype.toJSON = function () {
      const message = this.code === 1006 ? 'The connection was lost.' : 'The server has closed the connection: ' + (this.reason || 'it gave no reason') + '.';
      return { message, code: this.code };
    };
    Event.prototype.toJSON = function () {
      return this.target instanceof WebSocket ? { message: advice } : { type: this.type };
    };
  })();
</script>`;
