/** A tab of a browser as far as the address needs one: location, history with Back, storage, popstate. */

/** @param {string} start address @param {{isBlocked?: boolean}} [options] whether storage is refused, as in another site's iframe */
export function openTab(start, { isBlocked = false } = {}) {
  const events = new EventTarget();
  const stored = new Map();
  let entries = [{ href: new URL(start, "http://127.0.0.1:8501/").href, state: null }];
  let at = 0;
  const place = (state, url) => ({ href: new URL(String(url)).href, state: structuredClone(state) });
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  const storage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  };
  Object.assign(globalThis, {
    window: events,
    PopStateEvent: class extends Event {},
    history: {
      get state() {
        return entries[at].state;
      },
      pushState: (state, _title, url) => void (entries = [...entries.slice(0, ++at), place(state, url)]),
      replaceState: (state, _title, url) => void (entries[at] = place(state, url)),
    },
    location: {
      get href() {
        return entries[at].href;
      },
      get search() {
        return new URL(entries[at].href).search;
      },
      get pathname() {
        return new URL(entries[at].href).pathname;
      },
    },
  });
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get: isBlocked ? refuse : () => storage });
  const go = (by) => {
    at += by;
    events.dispatchEvent(new Event("popstate"));
  };
  return {
    back: () => go(-1),
    forward: () => go(1),
    /** Another document in the same tab: the address typed, or loaded again where none is given. */
    load: (url) => url && (entries = [...entries.slice(0, ++at), place(null, new URL(url, "http://127.0.0.1:8501/"))]),
    get search() {
      return decodeURIComponent(new URL(entries[at].href).search);
    },
    stored,
  };
}
