/**
 * Work that the server does a part at a time: it is shown as it comes, ends by not being asked for, and goes on where it stood.
 *
 *     const costs = createInParts({ ask: (about, found) => nextPart(about, found?.done ?? 0), onChange: draw, onRefused: say });
 *     costs.want({ photo, checkpoint, stage });  // asks, unless this is what is found or on its way
 *     costs.found;  // what there is of it so far, null for nothing
 */

/**
 * @template About two are the same where they are the same as JSON
 * @template {{done: number, total: number}} Found
 * @param {{
 *   ask: (about: About, found: Found | null) => Promise<Found>,
 *   onChange: () => void,
 *   onRefused: (error: unknown) => void,
 * }} parts ask: for all that was found before, and one part more
 */
export function createInParts({ ask, onChange, onRefused }) {
  /** @type {Map<string, Found>} what is whole is not asked for again */
  const whole = new Map();
  /** @type {About | null} */
  let about = null;
  /** @type {Found | null} */
  let found = null;
  let key = "";
  let request = 0;
  let isRunning = false;
  let [began, before] = [0, 0];

  async function goOn() {
    if (!about || isRunning) return;
    const thisRequest = ++request;
    isRunning = true;
    [began, before] = [performance.now(), found?.done ?? 0];
    while (!found || found.done < found.total) {
      try {
        const next = await ask(about, found);
        if (thisRequest !== request) return;
        found = next;
      } catch (error) {
        if (thisRequest !== request) return;
        isRunning = false;
        return onRefused(error);
      }
      isRunning = found.done < found.total;
      onChange();
    }
    isRunning = false;
    whole.set(key, found);
  }

  function cancel() {
    request += 1;
    isRunning = false;
  }

  return {
    get found() {
      return found;
    },
    get isRunning() {
      return isRunning;
    },
    /** Estimated from what has been done. @returns {number | null} */
    get secondsLeft() {
      if (!found || found.done <= before) return null;
      return (((performance.now() - began) / (found.done - before)) * (found.total - found.done)) / 1000;
    },
    /** Begin, unless it is begun. @param {About | null} next null for nothing @param {boolean} [isAsked] false to show what is known, and wait */
    want(next, isAsked = true) {
      const asked = JSON.stringify(next);
      if (asked !== key) {
        cancel();
        [about, key, found] = [next, asked, whole.get(asked) ?? null];
        if (isAsked) void goOn();
      }
    },
    goOn() {
      void goOn();
      onChange();
    },
    cancel() {
      cancel();
      onChange();
    },
  };
}
