/** Without a lesson: those that there are, what each asks, and a way to begin each. */
import { fill, h } from "../lib/dom.js";
import { WORDS } from "./words.js";

const MAKE = "make class";

/** @typedef {{name: string, title: string, problem: string, about?: string, minutes?: number, steps?: {title: string, ask: string}[]}} ListedLesson */

/** @param {(name: string) => void} open */
export function createOverview(open) {
  const how = h("p", { class: "sentence" }, WORDS.reading);
  const list = h("ul", { class: "lesson-offers" });
  const element = h(
    "section",
    { class: "lesson-overview", "aria-busy": "true" },
    h("h2", {}, WORDS.lessons),
    how,
    list,
  );
  let known = "";
  return {
    element,
    /** @param {ListedLesson[]} lessons @param {boolean} isReading they are on their way @param {boolean} isServing @param {string} opening the name of the one that is being opened */
    update(lessons, isReading, isServing, opening) {
      const now = JSON.stringify([lessons, isReading, isServing, opening]);
      if (now === known) return;
      known = now;
      element.setAttribute("aria-busy", String(isReading));
      fill(how, isReading ? WORDS.reading : isServing ? WORDS.serving : WORDS.rehearse(h("code", {}, MAKE)));
      fill(
        list,
        lessons.map((each, index) => offer(each, index === 0, isServing, opening, open)),
      );
    },
  };
}

/** @param {ListedLesson} listed @param {boolean} isFirst one filled button on a page @param {boolean} isServing @param {string} opening @param {(name: string) => void} open */
function offer({ name, title, problem, about = "", minutes = 0, steps = [] }, isFirst, isServing, opening, open) {
  if (problem) return h("li", {}, h("h3", {}, title), h("p", { class: "error-box" }, problem));
  const words = opening === name ? WORDS.opening : isServing ? WORDS.begin : WORDS.rehearseIt;
  const label = isServing ? WORDS.beginLesson(title) : WORDS.rehearseLesson(title);
  const start = h(
    "button",
    {
      class: isFirst ? "button primary" : "button",
      type: "button",
      disabled: opening !== "",
      "aria-label": opening === name ? false : label,
      onclick: () => open(name),
    },
    words,
  );
  const asked = steps.map((step) =>
    h("li", {}, h("b", {}, step.title), step.ask ? h("span", { class: "note" }, step.ask) : null),
  );
  return h(
    "li",
    {},
    h("h3", {}, title),
    h("p", { class: "note" }, WORDS.length(steps.length, minutes)),
    h("p", { class: "sentence" }, about),
    start,
    h("ol", {}, asked),
  );
}
