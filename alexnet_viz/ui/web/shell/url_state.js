/**
 * The view of a page: one frozen value, in the address bar and in the memory of the tab. Each page gives one table:
 *
 *     const TABLE = {
 *       photo: { default: "chelsea", pushed: true, shared: "photo", linked: isGallery },
 *       stage: { default: "block1.relu", pushed: true },
 *       order: { default: "index", allowed: ["index", "maximum"] },
 *     };
 *     const page = createPageState({ name: "explore", table: TABLE, follow, onChange: (changed, before) => draw() });
 *     page.state.order;                 // always a whole, valid view
 *     page.set({ order: "maximum" });   // writes the address, tells onChange; returns the keys that changed
 *     page.replace({ photo: "coffee" }) // a correction that Back knows nothing of and onChange is not told
 *     page.destroy();
 *
 * What an address holds anyone may have written: what is not allowed there is as if it were not. Defaults leave no trace.
 * Back and Forward tell onChange what they changed. A link to another page of the app (`visit`) opens that page as it was left,
 * with what both pages share: what is marked `shared` under one name, as the page that was left had it.
 */
import { recall, remember } from "./tab_storage.js";
import { endVisit, isVisit, pageUrl, readUrl, writeUrl } from "./url.js";

/**
 * @typedef {object} Entry
 * @property {string} default
 * @property {readonly string[] | ((value: string) => boolean)} [allowed] anything where it is not given
 * @property {boolean} [pushed] Back undoes a change of it
 * @property {string} [shared] the name under which other pages have the same
 * @property {(value: string) => string} [read] what an address's value means, as "run:last" is the run's newest checkpoint
 * @property {(value: string) => boolean} [linked] false for what means something in this tab only: it is no part of the address
 * @property {(state: any) => boolean} [explicit] true where it stands in the address even as the default
 */

/** What the history keeps beside an address: values that are no part of it. */
const UNLINKED = "alexnet_viz";
const SHARED = "shared";

/**
 * @template {string} Key
 * @typedef {Readonly<Record<Key, string>>} State
 */

/**
 * @template {string} Key
 * @param {Record<Key, Entry>} table
 * @returns {Key[]}
 */
function keysOf(table) {
  return /** @type {Key[]} */ (Object.keys(table));
}

/**
 * @template {string} Key
 * @param {Record<Key, Entry>} table
 * @returns {State<Key>}
 */
export function defaultsOf(table) {
  return /** @type {State<Key>} */ (Object.fromEntries(keysOf(table).map((key) => [key, table[key].default])));
}

/**
 * What of some values means something to the page.
 * @template {string} Key
 * @param {Record<Key, Entry>} table
 * @param {Record<string, unknown>} values
 * @returns {Partial<Record<Key, string>>}
 */
function readValues(table, values) {
  /** @type {Partial<Record<Key, string>>} */
  const found = {};
  for (const key of keysOf(table)) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (typeof value !== "string") continue;
    const { allowed, read } = table[key];
    const isAllowed = !allowed || (typeof allowed === "function" ? allowed(value) : allowed.includes(value));
    if (isAllowed) found[key] = read ? read(value) : value;
  }
  return found;
}

/**
 * @template {string} Key
 * @param {Record<Key, Entry>} table
 * @param {State<Key>} state
 * @returns {{address: Record<string, string | null>, unlinked: Record<string, string>}} null is not in the address; and what cannot be
 */
function addressOf(table, state) {
  /** @type {Record<string, string | null>} */
  const address = {};
  /** @type {Record<string, string>} */
  const unlinked = {};
  for (const key of keysOf(table)) {
    const { linked, explicit } = table[key];
    const value = state[key];
    const isLinked = linked?.(value) ?? true;
    address[key] = isLinked && (value !== table[key].default || explicit?.(state)) ? value : null;
    if (!isLinked) unlinked[key] = value;
  }
  return { address, unlinked };
}

/**
 * @template {string} Key
 * @param {State<Key>} state
 * @param {State<Key>} before
 * @returns {Key[]} what is another value
 */
function changesOf(state, before) {
  return /** @type {Key[]} */ (Object.keys(state)).filter((key) => state[key] !== before[key]);
}

/**
 * @template {string} Key
 * @param {{
 *   name: string,
 *   table: Record<Key, Entry>,
 *   follow?: (before: State<Key>, given: Partial<Record<Key, string>>) => State<Key>,
 *   onChange: (changed: Key[], before: State<Key>) => void,
 * }} parts name: of the page, under which the tab remembers it; follow: the view that a change leads to, with what follows from it
 */
export function createPageState({ name, table, follow = (before, given) => ({ ...before, ...given }), onChange }) {
  const defaults = defaultsOf(table);
  // By the name: a page that comes late opens while the address is already that of the next one, which it must leave alone.
  const path = pageUrl(name === "explore" ? "" : name).pathname;
  let isGone = false;
  let state = Object.freeze({ ...open() });
  // Else it stays: the shell may bring the page of an earlier click first, with its address.
  if (location.pathname === path && isVisit()) endVisit();
  write(false);

  /** @returns {State<Key>} */
  function open() {
    const isHere = location.pathname === path;
    const given = isHere ? readAddress() : {};
    if (!isHere || !isVisit()) return { ...defaults, ...given };
    const left = { ...defaults, ...readValues(table, recall(name) ?? {}) };
    const shared = recall(SHARED) ?? {};
    const known = Object.fromEntries(keysOf(table).map((key) => [key, shared[table[key].shared ?? ""]]));
    return follow(follow(left, readValues(table, known)), given);
  }

  /** The address, and what is no part of it: kept beside it in the history, else what is shared as the tab had it last. */
  function readAddress() {
    const kept = history.state?.[UNLINKED] ?? recall(SHARED) ?? {};
    const beside = Object.fromEntries(keysOf(table).map((key) => [key, kept[table[key].shared ?? key]]));
    const unlinked = Object.entries(readValues(table, beside)).filter(
      ([key, value]) => table[/** @type {Key} */ (key)].linked?.(/** @type {string} */ (value)) === false,
    );
    return { ...Object.fromEntries(unlinked), ...readValues(table, readUrl(keysOf(table))) };
  }

  /** @param {boolean} isPushed */
  function write(isPushed) {
    if (isGone || location.pathname !== path) return; // an answer that comes late must not change another page's address
    const { address, unlinked } = addressOf(table, state);
    const beside = Object.fromEntries(
      Object.entries(unlinked).map(([key, value]) => [table[/** @type {Key} */ (key)].shared ?? key, value]),
    );
    writeUrl(address, isPushed, { ...history.state, [UNLINKED]: beside });
    remember(name, Object.fromEntries(changesOf(state, defaults).map((key) => [key, state[key]])));
    const shared = keysOf(table).flatMap((key) => (table[key].shared ? [[table[key].shared, state[key]]] : []));
    remember(SHARED, { ...recall(SHARED), ...Object.fromEntries(shared) });
  }

  /** @param {Partial<Record<Key, string>>} given @returns {Key[]} what has changed */
  function set(given) {
    const before = state;
    state = Object.freeze({ ...follow(before, given) });
    const changed = changesOf(state, before);
    if (!changed.length) return changed;
    write(changed.some((key) => table[key].pushed));
    onChange(changed, before);
    return changed;
  }

  function onPop() {
    if (location.pathname !== path) return; // on the way to another page of the app
    const before = state;
    // A link away and back may come before the shell has changed the page; it stays, as the shell may open the page anew.
    state = Object.freeze({ ...open() });
    if (!isVisit()) endVisit();
    const changed = changesOf(state, before);
    write(false);
    if (changed.length) onChange(changed, before);
  }
  window.addEventListener("popstate", onPop);

  return {
    defaults,
    get state() {
      return state;
    },
    set,
    /** @param {Partial<Record<Key, string>>} given */
    replace(given) {
      state = Object.freeze({ ...state, ...given });
      write(false);
    },
    destroy() {
      isGone = true;
      window.removeEventListener("popstate", onPop);
    },
  };
}
