/** A question whose answer takes the server seconds: the newest counts, and leaving it ends the work there. */

/** How long a view stands before it is asked about: one walks over channels quickly. */
const SETTLED_MS = 300;

/**
 * @template Asked what is asked, JSON
 * @template Answer
 * @param {{ask: (asked: Asked, signal: AbortSignal) => Promise<Answer>, onChange: () => void, onRefused: (error: unknown) => void}} parts
 *   onRefused: with null where what was refused is asked again
 */
export function createLongQuestion({ ask, onChange, onRefused }) {
  /** @type {{key: string, value: Answer} | null} */
  let answer = null;
  /** @type {Asked | null} */
  let wanted = null;
  let isCancelled = false;
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;

  async function begin() {
    isCancelled = false;
    const thisRequest = (asking = new AbortController());
    const [asked, key] = [/** @type {Asked} */ (wanted), JSON.stringify(wanted)];
    onChange();
    try {
      const value = await ask(asked, thisRequest.signal);
      if (thisRequest.signal.aborted) return;
      answer = { key, value };
    } catch (error) {
      if (thisRequest.signal.aborted) return;
      isCancelled = true;
      onRefused(error);
    }
    asking = null;
    onChange();
  }

  function leave() {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  return {
    /** The answer to what is wanted now. */
    get value() {
      return answer && answer.key === JSON.stringify(wanted) ? answer.value : null;
    },
    get isAsking() {
      return asking !== null;
    },
    get isCancelled() {
      return isCancelled;
    },
    /** @param {Asked | null} given null: nothing */
    want(given) {
      if (JSON.stringify(given) === JSON.stringify(wanted)) return;
      leave();
      wanted = given;
      isCancelled = false;
      if (given && answer?.key !== JSON.stringify(given)) timer = window.setTimeout(begin, SETTLED_MS);
    },
    cancel() {
      leave();
      isCancelled = true;
      onChange();
    },
    /** After it was cancelled, or refused. */
    again() {
      onRefused(null);
      if (wanted) void begin();
    },
    end: leave,
  };
}
