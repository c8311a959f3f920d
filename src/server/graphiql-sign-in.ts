/**
 * GraphiQL has a pane of headers for each tab, and forgets them: with this script a person signs in once for all of them, as soon as the server asks for it, with a token or an API
 * key. It is kept as long as the tab of the browser (sessionStorage), and sent where the pane of headers says nothing else. To be run before the page's own scripts.
 */
export const GRAPHIQL_SIGN_IN = `<script>
  (() => {
    const KEY = 'strikewire:authorization';
    const kept = () => sessionStorage.getItem(KEY);
    const names = (headers) => [...headers].map(([name]) => name.toLowerCase());
    const showsAnother = (headers) => names(headers).some((name) => name === 'authorization' || name === 'x-api-key');
    const isOurs = (address) => {
      const { origin, pathname } = new URL(address, location.href);
      return origin === location.origin && pathname === '/graphql';
    };

    const plainFetch = window.fetch;
    window.fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      if (input instanceof Request || !isOurs(input) || showsAnother(headers)) return plainFetch(input, init);
      if (kept()) headers.set('authorization', kept());
      const response = await plainFetch(input, { ...init, headers });
      if (response.status === 401) refusalOf(response.clone()).then(ask);
      return response;
    };
    const refusalOf = async (response) => (await response.json().catch(() => null))?.errors?.[0]?.message ?? '';

    const plainSend = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      const message = typeof data === 'string' && data.startsWith('{"type":"connection_init"') ? JSON.parse(data) : null;
      if (!message || showsAnother(Object.entries(message.payload ?? {}))) return plainSend.call(this, data);
      this.addEventListener('close', ({ code, reason }) => {
        if (code === 4401 || code === 4403) ask(reason);
      });
      return plainSend.call(this, JSON.stringify(kept() ? { ...message, payload: { ...message.payload, authorization: kept() } } : message));
    };

    const element = (name, properties, style = '') => {
      const made = Object.assign(document.createElement(name), properties);
      made.style.cssText = style;
      return made;
    };
    const whoIs = (authorization) =>
      plainFetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: '{ viewer { subject roles } }' }),
      }).then((response) => response.json());

    let asking = null;
    function ask(reason) {
      asking ??= makeDialog();
      asking.reason.textContent = reason;
      if (!asking.dialog.open) asking.dialog.showModal();
    }
    function makeDialog() {
      const dialog = element('dialog', {}, 'margin: auto; padding: 24px; border: 0; border-radius: 12px; width: 420px; font: 15px system-ui');
      const form = element('form', {}, 'display: grid; gap: 12px');
      const reason = element('p', { role: 'status' }, 'margin: 0; overflow-wrap: anywhere; color: #666');
      const input = element('input', { type: 'password', autocomplete: 'off', required: true, ariaLabel: 'Token or API key' }, 'padding: 8px; font: inherit');
      const buttons = element('div', {}, 'display: flex; gap: 8px; justify-content: end');
      const style = 'padding: 6px 14px; font: inherit; cursor: pointer';
      const cancel = element('button', { type: 'button', textContent: 'Cancel', onclick: () => dialog.close() }, style);
      buttons.append(cancel, element('button', { textContent: 'Sign in' }, style));
      form.append(element('strong', { textContent: 'Sign in with a token or an API key' }), input, reason, buttons);
      form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const credential = input.value.trim();
        const authorization = /^(bearer|apikey) /i.test(credential) ? credential : 'Bearer ' + credential;
        try {
          const { errors } = await whoIs(authorization);
          if (errors) {
            reason.textContent = errors[0].message;
            return;
          }
        } catch (error) {
          reason.textContent = String(error);
          return;
        }
        sessionStorage.setItem(KEY, authorization);
        location.reload();
      });
      dialog.append(form);
      document.body.append(dialog);
      return { dialog, reason };
    }

    addEventListener('DOMContentLoaded', async () => {
      if (!kept()) return;
      const { data } = await whoIs(kept()).catch(() => ({}));
      const style = 'position: fixed; right: 24px; bottom: 24px; z-index: 10; padding: 6px 12px; border: 1px solid #888; border-radius: 8px; background: #fff; color: #333; font: 13px system-ui; cursor: pointer';
      const onclick = () => {
        sessionStorage.removeItem(KEY);
        location.reload();
      };
      const who = data?.viewer ? data.viewer.subject + ' (' + data.viewer.roles.join(', ') + '): ' : '';
      document.body.append(element('button', { textContent: who + 'sign out', onclick }, style));
    });
  })();
</script>`;
