/** What stands in the footer while a run is on the screen. */
import { h } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { isAlive } from "../charts/run_curves.js";
import { small } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */

const strong = (/** @type {string} */ words) => h("b", {}, words);

/** @param {Run} run @param {string} device @param {ReturnType<typeof import("./runs_store.js").createRunsStore>} store @returns {(Node | string)[][]} */
export function factsOf(run, device, store) {
  return [
    [strong(device)],
    ...(run.state === "running" ? runningFacts(run, store) : []),
    ...ageFact(run, store.ageOf(run)),
  ];
}

/** @param {Run} run @param {ReturnType<typeof import("./runs_store.js").createRunsStore>} store */
function runningFacts(run, store) {
  const [rate, explored] = [store.curvesOf(run.id)?.lr.at(-1), store.explored];
  return [
    ...(run.images_per_s
      ? [
          gettextNodes("training {rate}", {
            rate: strong(gettext("{n} images/s", { n: number(run.images_per_s, 2) })),
          }),
        ]
      : []),
    ...(rate === undefined ? [] : [gettextNodes("learning rate {rate}", { rate: strong(small(rate)) })]),
    ...(explored && explored[0] >= run.created
      ? [gettextNodes("Explore answers in {time} meanwhile", { time: strong(duration(explored[1])) })]
      : []),
  ];
}

/** @param {Run} run @param {number | null} age seconds */
function ageFact(run, age) {
  return age !== null && isAlive(run)
    ? [gettextNodes("last point {age} ago", { age: strong(age < 3600 ? duration(age) : gettext("long")) })]
    : [];
}
