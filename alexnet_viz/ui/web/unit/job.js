/** Work on the server that goes on for a while: asked about until it has ended, begun and cancelled. */
import { gettext } from "../lib/language.js";
import { getJson, postJson, ServerError } from "../server/api.js";

const AGAIN_MS = 500;
/** Of work that was on its way, or of what it came to. */
const LOST = gettext(
  "The server no longer has it: it was cancelled elsewhere, made room for others, or the server was started anew.",
);

/** @typedef {{state: string, id?: string, done?: number, total?: number, before?: number, seconds_left?: number | null, message?: string, lost?: string}} JobState lost: what is said of it where it was there before */

/** @param {JobState | null} found @returns {boolean} whether it is waiting or on its way */
export function isAlive(found) {
  return found?.state === "waiting" || found?.state === "running";
}

/**
 * @template {Record<string, string>} Wanted
 * @template {JobState} Found
 * @param {{path: string, isKin: (before: Wanted, now: Wanted) => boolean, onChange: () => void, onRefused: (error: unknown) => void}} parts
 *   isKin: whether what was found of the one may stay until the other is there; onRefused: with null where it is asked again
 */
export function createJob({ path, isKin, onChange, onRefused }) {
  /** @type {Found | null} */
  let found = null;
  /** @type {Wanted | null} */
  let wanted = null;
  let request = 0;
  let timer = 0;
  let isLost = false;
  let isCancelled = false; // here

  /** Whether what was there has gone, and not by us. @param {Found} answer */
  function isGone(answer) {
    const wasThere = found !== null && (found.state !== "none" || found.lost !== undefined);
    return answer.state === "none" && wasThere && !isCancelled;
  }

  async function look() {
    const thisRequest = ++request;
    clearTimeout(timer);
    if (!wanted) return;
    try {
      const answer = await getJson(path, { ...wanted });
      if (thisRequest !== request) return;
      found = isGone(answer) ? { ...answer, lost: LOST } : answer;
    } catch (error) {
      if (thisRequest !== request) return;
      onRefused(error);
      isLost = isAlive(found) && error instanceof ServerError && error.answer === null;
      if (isLost) timer = window.setTimeout(look, AGAIN_MS); // the work goes on there, and can be followed once there is a connection
      return;
    }
    if (isLost) onRefused(null);
    isLost = false;
    if (isAlive(found)) timer = window.setTimeout(look, AGAIN_MS);
    onChange();
  }

  /** @param {string} where @param {object} body */
  async function tell(where, body) {
    onRefused(null);
    try {
      await postJson(where, body);
    } catch (error) {
      return onRefused(error);
    }
    await look();
  }

  return {
    get found() {
      return found;
    },
    /** @param {Wanted | null} given null where nothing is wanted any more */
    want(given) {
      if (JSON.stringify(given) === JSON.stringify(wanted)) return;
      if (!given || (wanted && !isKin(wanted, given))) found = null;
      wanted = given;
      void look();
    },
    start() {
      isCancelled = false;
      if (wanted) void tell(path, wanted);
    },
    cancel() {
      if (!found?.id) return; // another tab began it
      isCancelled = true;
      void tell(`${path}/${found.id}/cancel`, {});
    },
    /** What it came to does not come any more. */
    again: () => void look(),
    end() {
      request += 1;
      clearTimeout(timer);
    },
  };
}
