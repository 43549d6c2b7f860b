/** How many test pictures the altered network answers rightly, beside the unaltered one: a line that is counted when asked for. */
import { fill, h } from "../lib/dom.js";
import { count, duration, percents } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createInParts } from "../lib/in_parts.js";
import { getRightAnswers } from "../server/api.js";

/** @typedef {import("../server/api.js").Subject} Subject */
/** @typedef {{title: string, done: number, total: number, before: number, after: number}} Found */

/** @param {(error: unknown) => void} onRefused */
export function createRightAnswers(onRefused) {
  const element = h("p", { class: "right-answers", role: "status" });
  const counted = createInParts({
    /** @param {Subject} about @param {Found | null} found */
    ask: async (about, found) => {
      const { title, total, count: pictures, before, after } = await getRightAnswers(about, found?.done ?? 0);
      return {
        title,
        total,
        done: (found?.done ?? 0) + pictures,
        before: (found?.before ?? 0) + before,
        after: (found?.after ?? 0) + after,
      };
    },
    onChange: draw,
    onRefused: (error) => void (onRefused(error), draw()),
  });

  /** @param {string} text @param {() => void} action */
  const link = (text, action) => h("button", { class: "link", type: "button", onclick: action }, text);

  function draw() {
    const { found } = counted;
    if (found?.total === 0) return fill(element, gettext("No test pictures on disk."));
    if (!found)
      return fill(
        element,
        counted.isRunning
          ? [gettext("Counting on test pictures."), " ", link(gettext("Cancel"), counted.cancel)]
          : link(gettext("Count on test pictures"), counted.goOn),
      );
    const [after, before] = percents([found.after / found.done, found.before / found.done]);
    if (found.done >= found.total)
      return fill(
        element,
        gettext("{after} of {total} {pictures} right, {before} before.", {
          after,
          total: count(found.total),
          pictures: found.title,
          before,
        }),
      );
    const left = counted.secondsLeft;
    const soFar = { after, done: count(found.done), total: count(found.total) };
    const words =
      counted.isRunning && left !== null
        ? gettext("{after} of {done} so far, {total} in about {time}.", { ...soFar, time: duration(left) })
        : gettext("{after} of {done} so far, {total}.", soFar);
    fill(
      element,
      words,
      " ",
      counted.isRunning ? link(gettext("Cancel"), counted.cancel) : link(gettext("Go on"), counted.goOn),
    );
  }

  return {
    element,
    /** @param {Subject | null} subject of an altered network */
    update(subject) {
      counted.want(subject, false);
      if (subject) draw();
    },
    end: counted.cancel,
  };
}
