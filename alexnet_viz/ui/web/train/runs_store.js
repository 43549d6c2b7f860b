/** What the server says of the runs, asked for again while something trains, and the curves of those on the chart. */
import { getJson } from "../server/api.js";
import { getCurves, isAlive } from "../charts/run_curves.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_curves.js").Curves} Curves */

const POLL = 800; // ms, while something trains

/** @param {{onChange: () => void, onEnd: () => void, onFail: (error: unknown) => void, shown: () => Run[]}} page onEnd: nothing trains any more; shown: the runs whose curves are wanted */
export function createRunsStore({ onChange, onEnd, onFail, shown }) {
  /** @type {Run[] | null} null until the first answer */
  let runs = null;
  /** @type {Run[]} launched since the answer on its way was asked for, which may be older */
  let launched = [];
  let clock = 0; // the server's, minus this machine's, in seconds
  /** @type {[number, number] | null} when a photo was computed last, and how long that took, seconds */
  let explored = null;
  /** @type {Map<string, Curves>} */
  const curves = new Map();
  let timer = 0;
  let isAsking = false;
  let isAskedAgain = false; // since the answer on its way was asked for
  let isGone = false;

  /** Ask now. While an answer is on its way, once more after it: it may be older than what was just done. */
  async function poll() {
    clearTimeout(timer);
    if (isGone) return;
    isAskedAgain = isAsking;
    if (isAsking) return;
    isAsking = true;
    await ask();
    isAsking = false;
    if (isAskedAgain) await poll();
    else if (!isGone && !document.hidden && (runs === null || runs.some(isAlive)))
      timer = window.setTimeout(() => void poll(), POLL);
  }

  async function ask() {
    launched = [];
    try {
      const answer = await getJson("runs");
      if (isGone) return;
      const isFirst = runs === null;
      const wasAlive = runs?.some(isAlive);
      const isListed = (/** @type {Run} */ { id }) => answer.runs.some((/** @type {Run} */ run) => run.id === id);
      runs = [...launched.filter((run) => !isListed(run)), ...answer.runs];
      [clock, explored] = [answer.now - Date.now() / 1000, answer.explored];
      if (wasAlive && !runs.some(isAlive)) onEnd();
      if (isFirst) onChange(); // the curves may take their time
      await loadCurves();
      onChange();
    } catch (error) {
      if (!isGone) onFail(error);
    }
  }

  async function loadCurves() {
    const wanted = shown().filter((run) => curves.get(run.id)?.points !== run.points);
    await Promise.all(wanted.map(async (run) => curves.set(run.id, await getCurves(run.id)))).catch(onFail);
    if (wanted.length && !isGone) onChange();
  }

  const onVisible = () => void (document.hidden || poll());
  document.addEventListener("visibilitychange", onVisible);

  return {
    /** @returns {Run[] | null} null until the first answer */
    get runs() {
      return runs;
    },
    /** Whether a run is there, as far as the server has said. @param {string} id */
    has: (id) => runs === null || runs.some((run) => run.id === id),
    get explored() {
      return explored;
    },
    /** @param {Run} run launched just now */
    add(run) {
      launched = [run, ...launched];
      runs = [run, ...(runs ?? [])];
    },
    /** @param {string} id */
    find: (id) => runs?.find((run) => run.id === id) ?? null,
    /** @param {string} id */
    curvesOf: (id) => curves.get(id),
    /** Seconds since the run's last point, by the server's clock. @param {Run} run @returns {number | null} */
    ageOf: (run) => (run.last_time === null ? null : Math.max(0, Date.now() / 1000 + clock - run.last_time)),
    poll,
    loadCurves,
    destroy() {
      isGone = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
