/** The one fetch of a network that a tab knows of: its state is asked for while it goes on, on whichever page one is. */
import { getJson, postJson } from "../server/api.js";
import { isUnderWay } from "./fetch_words.js";

/** @typedef {import("./fetch_words.js").Fetch} Fetch */

const AGAIN_MS = 500;

function createNetworkFetch() {
  /** @type {Fetch | null} */
  let known = null;
  let job = "";
  let timer = 0;
  let request = 0;
  let isBegunHere = false;
  /** @type {Set<(before: Fetch | null) => void>} */
  const listeners = new Set();

  /** @param {Fetch} answer */
  function take(answer) {
    const before = known;
    known = answer;
    job = answer.job;
    if (answer.state === "absent" || answer.state === "failed") isBegunHere = false;
    clearTimeout(timer);
    if (isUnderWay(answer)) timer = window.setTimeout(look, AGAIN_MS);
    for (const listener of listeners) listener(before);
  }

  /** The newest question counts. @param {() => Promise<Fetch>} ask */
  async function put(ask) {
    const thisRequest = ++request;
    try {
      const answer = await ask();
      if (thisRequest === request) take(answer);
    } catch (error) {
      if (thisRequest === request) fail(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} words */
  function fail(words) {
    if (known)
      take({ ...known, state: "failed", job: "", problem: { what: words.replace(/\.$/, ""), remedy: "", place: "" } });
  }

  function look() {
    return put(() => getJson("imagenet", { job }));
  }

  return {
    get known() {
      return known;
    },
    look,
    begin() {
      isBegunHere = true;
      return put(() => postJson("imagenet"));
    },
    /** Whether it was asked for in this tab; true once. */
    wasBegunHere() {
      const wasBegun = isBegunHere;
      isBegunHere = false;
      return wasBegun;
    },
    cancel: () => put(() => postJson(`imagenet/${job}/cancel`)),
    remove: () => put(() => postJson("imagenet/removal")),
    /** @param {(before: Fetch | null) => void} listener @returns {() => void} ends it */
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const networkFetch = createNetworkFetch();
