/** Pictures made for a unit: what excites it and what inhibits it, what they reach, and how they came about. */
import { fill, h, setText } from "../lib/dom.js";
import { computed, count, duration } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { whenChanged } from "../lib/when_changed.js";
import { isAlive } from "./asked_job.js";
import { createFilm } from "./film.js";
import { comparison, momentAt, pictureAddress } from "./made_words.js";
import { madeSentence, madeTitle, pictureLabel } from "./nouns.js";
import { STEPS } from "./state.js";

/** @typedef {import("./made_words.js").Moment} Moment */
/** @typedef {import("./asked_job.js").JobState & {film: Moment[], others: {seed: number, response: number | null}[], most: number | null}} Made */
/** @typedef {import("./nouns.js").Sign} Sign */
/**
 * @typedef {{found: Record<Sign, Made | null>, query: Record<string, string>, digest: string, title: string, sign: Sign, step: string, seed: string,
 *   steps: string, contrast: string, best: number | null, isWhole: boolean, hasRelu: boolean, noun: import("./nouns.js").Noun}} View
 * title: of the checkpoint; best: the strongest image part; isWhole: a unit sees the whole photo, of which one sign is shown at a time
 */

export const SIGNS = /** @type {Sign[]} */ (["excites", "inhibits"]);
const TITLES = { excites: gettext("excites"), inhibits: gettext("inhibits") };

/** @param {{onMake: (sign: Sign) => void, onCancel: (sign: Sign) => void, onLost: (sign: Sign) => void, onSave: (href: string, name: string) => void, set: (changes: Record<string, string>) => void}} actions */
export function createMadePanel(actions) {
  const title = h("h3", {});
  const sentence = h("p", { class: "sentence" }, "");
  const signs = createSegments(
    gettext("Sign"),
    SIGNS.map((sign) => ({ value: sign, text: TITLES[sign] })),
    (sign) => actions.set({ sign }),
  );
  const boxes = { excites: createBox("excites"), inhibits: createBox("inhibits") };
  const film = createFilm({ onStep: (step) => actions.set({ step }) });
  const seed = h("input", {
    type: "number",
    min: "0",
    max: "999999",
    "aria-label": gettext("seed"),
    onchange: () => actions.set({ seed: String(Math.max(0, Math.min(999_999, Math.trunc(Number(seed.value) || 0)))) }),
  });
  const steps = createPick(gettext("steps"), (chosen) => actions.set({ steps: chosen }));
  const another = h(
    "button",
    { class: "button quiet", type: "button", onclick: () => actions.set({ seed: String(Number(seed.value) + 1) }) },
    gettext("Another seed"),
  );
  const save = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      onclick: () => actions.onSave(save.dataset.href ?? "", save.dataset.name ?? ""),
    },
    gettext("Save"),
  );
  const others = h("span", { class: "note" });
  const element = h(
    "section",
    { class: "unit-made", "aria-label": gettext("Picture made for it") },
    title,
    sentence,
    signs.element,
    h(
      "div",
      { class: "unit-made-pair" },
      SIGNS.map((sign) => boxes[sign].element),
    ),
    film.element,
    h(
      "div",
      { class: "row" },
      h("label", { class: "pick typed" }, h("span", { class: "pick-label" }, gettext("seed")), seed),
      steps.element,
      another,
      save,
    ),
    others,
  );

  /** @param {Sign} sign */
  function createBox(sign) {
    const image = h("img", { alt: "", hidden: true, onerror: () => actions.onLost(sign) });
    const slot = h("button", { class: "unit-made-slot", type: "button", onclick: () => actions.set({ sign }) }, image);
    const words = h("div", { class: "unit-made-words" });
    const state = h("div", { class: "unit-made-state" });
    /** @type {(view: View, found: Made | null) => void} */
    const draw = (view, found) => {
      const moment = found ? momentAt(found.film, view.sign === sign ? view.step : "") : null;
      const isFailed = Boolean(found?.message) && !isAlive(found);
      slot.classList.toggle("on", view.sign === sign && !view.isWhole);
      slot.classList.toggle("failed", isFailed && !moment);
      slot.setAttribute("aria-pressed", String(view.sign === sign));
      slot.setAttribute(
        "aria-label",
        moment
          ? pictureLabel(view.noun, sign, { step: moment.step, response: computed(moment.response) })
          : gettext("{sign}: no picture yet", { sign: TITLES[sign] }),
      );
      image.hidden = !moment;
      if (moment) show(image, pictureOf(view, sign, moment.step));
      fill(words, moment ? said(view, sign, found, moment) : h("span", {}, TITLES[sign]));
      fill(state, stateOf(view, sign, found));
    };
    return {
      element: h("div", { class: "unit-made-box" }, slot, words, state),
      draw: whenChanged(
        (/** @type {View} */ view, /** @type {Made | null} */ found) => [
          found,
          JSON.stringify([view.query, view.sign, view.step, view.best, view.digest]),
        ],
        draw,
      ),
    };
  }

  /** @param {View} view @param {Sign} sign @param {Made | null} found @param {Moment} moment */
  function said(view, sign, found, moment) {
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

  /** @param {View} view @param {Sign} sign @param {Made | null} found */
  function stateOf(view, sign, found) {
    if (!found || found.state === "done") return [];
    if (isAlive(found))
      return [
        ...progress(sign, found),
        found.id === undefined ? null : link(gettext("Cancel"), () => actions.onCancel(sign)),
      ];
    const problem = found.message || found.lost;
    const told = problem ? [h("p", { class: "note bad" }, problem)] : [];
    if (found.state === "stopped")
      return [
        ...told,
        h("span", { class: "note" }, gettext("Stopped at step {step}", { step: found.film.at(-1)?.step ?? 0 })),
        link(gettext("Go on"), () => actions.onMake(sign)),
      ];
    return [
      ...told,
      h(
        "button",
        { class: `button${sign === "excites" ? " primary" : ""}`, type: "button", onclick: () => actions.onMake(sign) },
        gettext("Make it"),
      ),
    ];
  }

  /** @param {View} view */
  function drawSave(view) {
    const film = view.found[view.sign]?.film ?? [];
    const moment = momentAt(film, view.step);
    save.disabled = !moment;
    const { stage, channel } = view.query;
    const checkpoint = view.title.replace(/[^\w.-]+/g, "-"); // an own file's name in addresses is nobody else's
    if (moment)
      Object.assign(save.dataset, {
        href: pictureOf(view, view.sign, moment.step),
        name: `${checkpoint}_${stage}_${channel}_${view.sign}_seed-${view.seed}_step-${moment.step}.png`,
      });
  }

  return {
    element,
    /** @param {View} view */
    update(view) {
      setText(title, madeTitle(view.noun, view.isWhole ? view.sign : "excites"));
      setText(sentence, madeSentence(view.noun, view.steps));
      signs.element.hidden = !view.isWhole;
      signs.update(view.sign);
      for (const sign of SIGNS) {
        boxes[sign].element.hidden = view.isWhole && view.sign !== sign;
        boxes[sign].draw(view, view.found[sign]);
      }
      element.classList.toggle("whole", view.isWhole);
      const found = view.found[view.sign];
      film.update({
        moments: found?.film ?? [],
        step: view.step,
        best: view.sign === "excites" && view.contrast === "photo" ? view.best : null,
        pictureOf: (step) => pictureOf(view, view.sign, step),
      });
      seed.value = view.seed;
      steps.update(
        STEPS.map((each) => ({ value: each, title: each })),
        view.steps,
      );
      drawSave(view);
      setText(
        others,
        found?.others.length
          ? gettext("other seeds {responses}", {
              responses: found.others.map(({ response }) => computed(response)).join(", "),
            })
          : "",
      );
    },
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

/** @param {View} view @param {Sign} sign @param {number} step @returns {string} */
function pictureOf({ query, digest }, sign, step) {
  return pictureAddress(query, sign, step, digest);
}

/** @param {HTMLImageElement} image @param {string} href */
function show(image, href) {
  if (image.src !== href) image.src = href;
}
