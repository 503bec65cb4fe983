// HTTP servers of the tests, on free ports of this machine.

import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Returns a server that answers by `handler`, which may be async. A client that goes away while it sends ends its own
 * request only. Whatever else the handler throws is answered with 500, and `stop()` throws it again.
 */
export function httpServer(handler) {
  const failures = [];
  const server = createServer(async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      failures.push(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  return {
    /** Listens, at a port it had before or a free one, and returns the port. */
    async start(port = 0) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return server.address().port;
    },
    /** Closes all connections, those with a request under way too. A stopped server stays stopped. */
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw failures[0];
    },
  };
}
