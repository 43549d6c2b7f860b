/** What Train shows in presenter mode: the loss curve of the selected run, with the numbers of the epoch that is marked. */
import { h } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_curves.js").Curves} Curves */

/** @param {Curves} curves @param {number} epoch @returns {import("../lib/dom.js").Child[]} */
function numbersAt(curves, epoch) {
  const at = curves.epoch.indexOf(epoch);
  const [loss, accuracy] = [curves.valLoss[at], curves.valAccuracy[at]];
  const large = (/** @type {string} */ text) => h("b", { class: "marked slide-number" }, text);
  const shown = { loss: large(number(loss, 3)), accuracy: large(percent(accuracy)) };
  if (Number.isFinite(loss) && Number.isFinite(accuracy))
    return gettextNodes("Validation loss {loss}, right on {accuracy}", shown);
  if (Number.isFinite(loss)) return gettextNodes("Validation loss {loss}", shown);
  return Number.isFinite(accuracy) ? gettextNodes("right on {accuracy}", shown) : [];
}

/** @param {Run} run @param {Curves | null} curves @param {number | null} epoch @param {HTMLElement} chart @returns {import("../shell/presenter.js").Slide} */
export function runSlide(run, curves, epoch, chart) {
  return {
    title: [run.name],
    beside: epoch === null ? "" : gettext("epoch {epoch}", { epoch }),
    shown: [chart],
    words: curves && epoch !== null ? numbersAt(curves, epoch) : [],
  };
}
