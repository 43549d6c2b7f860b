/** The picture made for a unit that excites it, or the one that inhibits it: what it reaches, and how far its making is. */
import { fill, h } from "../lib/dom.js";
import { computed, count, duration } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { isAlive } from "./job.js";
import { comparison, momentAt, pictureAddress } from "./made_words.js";
import { pictureLabel } from "./nouns.js";
import { STEPS } from "./state.js";

/** @typedef {import("./made_words.js").Moment} Moment */
/** @typedef {import("./made_panel.js").Made} Made */
/** @typedef {import("./made_panel.js").Sign} Sign */
/** @typedef {import("./made_panel.js").View} View */

export const SIGN_TITLES = { excites: gettext("excites"), inhibits: gettext("inhibits") };

/**
 * @param {Sign} sign
 * @param {{onMake: (sign: Sign) => void, onCancel: (sign: Sign) => void, onLost: (sign: Sign) => void, set: (changes: Record<string, string>) => void}} actions
 */
export function createMadeBox(sign, actions) {
  const image = h("img", { alt: "", hidden: true, onerror: () => actions.onLost(sign) });
  const slot = h("button", { class: "unit-made-slot", type: "button", onclick: () => actions.set({ sign }) }, image);
  const words = h("div", { class: "unit-made-words" });
  const state = h("div", { class: "unit-made-state" });

  /** @param {View} view @param {Made | null} found */
  function draw(view, found) {
    const moment = found ? momentAt(found.film, view.sign === sign ? view.step : "") : null;
    const isFailed = Boolean(found?.message) && !isAlive(found);
    slot.classList.toggle("on", view.sign === sign && !view.isWhole);
    slot.classList.toggle("failed", isFailed && !moment);
    slot.setAttribute("aria-pressed", String(view.sign === sign));
    slot.setAttribute(
      "aria-label",
      moment
        ? pictureLabel(view.noun, sign, { step: moment.step, response: computed(moment.response) })
        : gettext("{sign}: no picture yet", { sign: SIGN_TITLES[sign] }),
    );
    image.hidden = !moment;
    if (moment) show(image, pictureAddress(view.query, sign, moment.step, view.digest));
    fill(words, moment ? said(view, found, moment) : h("span", {}, SIGN_TITLES[sign]));
    fill(state, stateOf(found));
  }

  /** @param {View} view @param {Made | null} found @param {Moment} moment */
  function said(view, found, moment) {
    const response = h("b", {}, computed(moment.response));
    if (sign === "inhibits")
      return [
        h(
          "p",
          {},
          view.hasRelu
            ? gettextNodes("inhibits {response} before ReLU", { response })
            : gettextNodes("inhibits {response}", { response }),
        ),
      ];
    const { words, mayGrow } = comparison({
      response: moment.response,
      contrast: view.contrast,
      best: view.best,
      most: found?.most ?? null,
      isDone: found?.state === "done",
    });
    const more = STEPS[STEPS.indexOf(view.steps) + 1];
    return [
      h("p", {}, gettextNodes("excites {response}", { response })),
      h(
        "p",
        { class: "note" },
        words,
        !mayGrow || !more
          ? null
          : [
              " ",
              h(
                "button",
                { class: "link", type: "button", onclick: () => actions.set({ steps: more, step: "" }) },
                gettext("More steps"),
              ),
            ],
      ),
    ];
  }

  /** @param {Made | null} found */
  function stateOf(found) {
    if (!found || found.state === "done") return [];
    if (isAlive(found))
      return [
        ...progress(sign, found),
        found.id === undefined ? null : link(gettext("Cancel"), () => actions.onCancel(sign)),
      ];
    const problem = found.message || found.lost;
    const problemLine = problem ? [h("p", { class: "note bad" }, problem)] : [];
    if (found.state === "stopped")
      return [
        ...problemLine,
        h("span", { class: "note" }, gettext("Stopped at step {step}", { step: found.film.at(-1)?.step ?? 0 })),
        link(gettext("Go on"), () => actions.onMake(sign)),
      ];
    return [
      ...problemLine,
      h(
        "button",
        { class: `button${sign === "excites" ? " primary" : ""}`, type: "button", onclick: () => actions.onMake(sign) },
        gettext("Make it"),
      ),
    ];
  }

  return {
    element: h("div", { class: "unit-made-box" }, slot, words, state),
    update: whenChanged(
      (/** @type {View} */ view, /** @type {Made | null} */ found) => [
        found,
        JSON.stringify([view.query, view.sign, view.step, view.best, view.digest]),
      ],
      draw,
    ),
  };
}

/** @param {Sign} sign @param {Made} found */
function progress(sign, { done = 0, total = 1, before = 0, seconds_left: left }) {
  const queued = ngettext("{before} picture is before yours", "{before} pictures are before yours", before, { before });
  const values = { done: count(done), total: count(total) };
  const running = left
    ? gettext("step {done} of {total}, about {left}", { ...values, left: duration(left) })
    : gettext("step {done} of {total}", values);
  const label = {
    excites: gettext("Steps of the picture that excites"),
    inhibits: gettext("Steps of the picture that inhibits"),
  }[sign];
  return [
    h("progress", { max: total, value: done, "aria-label": label }),
    h("span", { class: "note" }, before ? queued : running),
  ];
}

/** @param {string} text @param {() => void} onclick */
function link(text, onclick) {
  return h("button", { class: "link", type: "button", onclick }, text);
}

/** @param {HTMLImageElement} image @param {string} href */
function show(image, href) {
  if (image.src !== href) image.src = href;
}
