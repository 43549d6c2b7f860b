/** What a run will take, in time and on the disk: measured on the server once the form has stood for a moment. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createLatest } from "../lib/latest.js";
import { postJson } from "../server/api.js";
import { disk, roughly } from "./run_words.js";

const SETTLED_MS = 400; // without a change

/** @param {() => object} request what the form asks for now */
export function createEstimate(request) {
  const element = h("p", { class: "note estimate", role: "status" });
  let timer = 0;
  const estimates = createLatest({
    ask: (asked) => postJson("runs/estimate", asked),
    onAnswer: ({ seconds, bytes }) =>
      setText(
        element,
        `${costWords(seconds, bytes)}\n${gettext("One run trains at a time; the next waits its turn.")}`,
      ),
    onRefused: (error) => setText(element, /** @type {Error} */ (error).message),
  });

  function ask() {
    if (!element.textContent) setText(element, gettext("Measuring this machine, about 2 s"));
    estimates.forget(); // the machine may be busier than before
    void estimates.want(request());
  }

  return {
    element,
    /** The form has changed. @param {boolean} isReady false where nothing can be launched yet */
    want(isReady) {
      clearTimeout(timer);
      if (isReady) timer = window.setTimeout(ask, SETTLED_MS);
      else setText(element, "");
    },
    destroy: () => clearTimeout(timer),
  };
}

/** @param {number | null} seconds null where it cannot be measured now @param {number} bytes on the disk @returns {string} */
export function costWords(seconds, bytes) {
  if (seconds === null)
    return gettext("{size} on disk; the time is measured when nothing trains.", { size: disk(bytes) });
  return gettext("Measured here: about {time}, {size} on disk.", { time: roughly(seconds), size: disk(bytes) });
}
