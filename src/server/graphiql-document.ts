import { createHash } from 'node:crypto';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { exampleTabs } from './example-tabs.ts';
import { GRAPHIQL_SIGN_IN } from './graphiql-sign-in.ts';
import { GRAPHIQL_SOCKET_ERRORS } from './graphiql-socket-errors.ts';

/** The page as browsers get it. */
export interface GraphiqlDocument {
  readonly html: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** Of its scripts, as a content security policy names them. */
  readonly scriptHashes: readonly string[];
}

/** The scripts of the page, as browsers find them: the text of an element ends where the next end tag begins. */
const SCRIPT = /<script>(.*?)<\/script>/gs;

/** A pointer that moved farther was dragging a tab, not clicking it. */
const CLICK_RADIUS_PX = 5;

/**
 * The page's tabs can be dragged, and in current Chromium the drag handling swallows plain clicks: the pointer is released over the list instead of the tab. This
 * gives the tab its click.
 */
const TAB_CLICKS = `<script>
  (() => {
    let pressed = null;
    addEventListener('pointerdown', (event) => {
      const button = event.target.closest?.('.graphiql-tab-button, .graphiql-tab-close');
      pressed = button && { button, x: event.clientX, y: event.clientY };
    }, true);
    addEventListener('click', (event) => {
      if (!event.isTrusted || !pressed || pressed.button.contains(event.target)) return;
      const { button, x, y } = pressed;
      pressed = null;
      if (Math.hypot(event.clientX - x, event.clientY - y) <= ${CLICK_RADIUS_PX} && event.target.closest?.('.graphiql-tabs')) button.click();
    }, true);
  })();
</script>`;

/** @param symbol an underlying for the examples */
export function graphiqlDocument(symbol: string): GraphiqlDocument {
  const page = renderGraphiQL({
    title: 'Strikewire GraphiQL',
    // The stock page subscribes over WebSocket at the address it queries.
    subscriptionsProtocol: 'WS',
    endpoint: '/graphql',
    defaultTabs: exampleTabs(symbol),
  } as Parameters<typeof renderGraphiQL>[0]);
  const start = page.indexOf('<head>') + '<head>'.length;
  const end = page.lastIndexOf('</body>');
  const text = page.slice(0, start) + GRAPHIQL_SIGN_IN + GRAPHIQL_SOCKET_ERRORS + page.slice(start, end) + TAB_CLICKS + page.slice(end);
  const html = new TextEncoder().encode(text);
  return {
    html,
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`,
    scriptHashes: [...text.matchAll(SCRIPT)].map(([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`),
  };
}
