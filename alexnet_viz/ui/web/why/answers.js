/** What the Why page asks for and has been answered: the photo's pass, the maps on it, and what went wrong or was cancelled. */
import { createLatest } from "../lib/latest.js";
import { getTrace, inTurn } from "../server/api.js";
import { afterRefusal } from "../shell/fall_back.js";
import { rivalOf, stagesOf, targetOf } from "./target.js";
import { createQuestions } from "./questions.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */
/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./target.js").State} State */

/**
 * @param {{readonly state: State, readonly defaults: State, replace: (given: Partial<State>) => void}} page
 * @param {{onChange: () => void, onPasses: () => void, onWaiting: (words: string) => void}} actions onPasses: only how far it is has changed; onWaiting: who is before the photo
 */
export function createAnswers(page, { onChange, onPasses, onWaiting }) {
  const traces = createLatest({
    ask: (/** @type {import("../server/api.js").Subject} */ subject, isWanted) =>
      inTurn(() => getTrace(subject), isWanted, onWaiting),
    onAnswer: () => void (askWhy(), onChange()),
    onRefused: (error) =>
      void afterRefusal(page, traces, error, {
        load,
        say: (said, mayRetry) => tell(/** @type {Error} */ (said).message, mayRetry),
      }),
  });
  const questions = createQuestions({ onArrival: onChange, onPasses, onRefused: refuse });
  /** @type {import("./waiting_box.js").Problem | null} */
  let problem = null;
  let isCancelled = false;

  /** Another view is shown, or the same once more: what went wrong before is no problem of this one. */
  function load() {
    [isCancelled, problem] = [false, null];
    const { photo, checkpoint, resize } = page.state;
    void traces.want({ photo, checkpoint, resize });
    if (traces.value && !traces.isStale) askWhy();
    onChange();
  }

  /** @param {unknown} error */
  function refuse(error) {
    tell(/** @type {Error} */ (error).message, true);
  }

  /** @param {string} words @param {boolean} mayRetry whether asking once more may help */
  function tell(words, mayRetry) {
    problem = { words, mayRetry };
    onChange();
  }

  /** @returns {boolean} whether a map of an untrained network was not asked for */
  function isChance() {
    return traces.value !== null && !traces.value.header.checkpoint.trained && page.state.untrained !== "shown";
  }

  function askWhy() {
    const trace = traces.value;
    if (!trace || isChance() || isCancelled) return;
    const { photo, checkpoint, resize, stage, method } = page.state;
    const about = {
      target: targetOf(trace, page.state),
      versus: rivalOf(trace, page.state),
      stage: stage && stagesOf(trace, page.state).open,
    };
    questions.want({ photo, checkpoint, resize }, about, method);
  }

  return {
    traces,
    /** The maps that are there, by method. */
    get results() {
      return questions.results;
    },
    load,
    refuse,
    tell,
    isChance,
    /** @returns {Explanation | null} */
    shownNow() {
      return isChance() ? null : questions.map(page.state.method);
    },
    /** What was shown of another question stays until this one is answered. @param {Trace} trace */
    lastOf(trace) {
      const { last, current } = questions;
      const isOnItsWay = traces.isStale || (questions.isAsking && current === page.state.method);
      if (isChance() || !last || !isOnItsWay) return null;
      return last.values.length === trace.header.input.size ** 2 && last.target < trace.header.checkpoint.classes.length
        ? last
        : null;
    },
    /** Whether a pass or a map is on its way. */
    get isAsking() {
      return traces.isWaiting || questions.isAsking;
    },
    /** What the box under the map says. @returns {import("./waiting_box.js").Waiting} */
    get waiting() {
      return { problem, isCancelled, isAsking: questions.isAsking, passes: questions.passes };
    },
    cancel() {
      isCancelled = true;
      questions.cancel();
    },
    destroy() {
      traces.end();
      questions.destroy();
    },
  };
}
