/** Pictures made for a unit: what excites it and what inhibits it, what they reach, and how they came about. */
import { h, setText } from "../lib/dom.js";
import { fileNameOf } from "../lib/downloads.js";
import { computed } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { createFilm } from "./film.js";
import { createMadeBox, SIGN_TITLES } from "./made_box.js";
import { momentAt, pictureAddress } from "./made_words.js";
import { madeSentence, madeTitle } from "./nouns.js";
import { STEPS } from "./state.js";

/** @typedef {import("./made_words.js").Moment} Moment */
/** @typedef {import("./job.js").JobState & {film: Moment[], others: {seed: number, response: number | null}[], most: number | null}} Made */
/** @typedef {import("./nouns.js").Sign} Sign */
/**
 * @typedef {{found: Record<Sign, Made | null>, query: Record<string, string>, digest: string, title: string, sign: Sign, step: string, seed: string,
 *   steps: string, contrast: string, best: number | null, isWhole: boolean, hasRelu: boolean, noun: import("./nouns.js").Noun}} View
 * title: of the checkpoint; best: the strongest image part; isWhole: a unit sees the whole photo, of which one sign is shown at a time
 */

export const SIGNS = /** @type {Sign[]} */ (["excites", "inhibits"]);

/** @param {{onMake: (sign: Sign) => void, onCancel: (sign: Sign) => void, onLost: (sign: Sign) => void, onSave: (href: string, name: string) => void, set: (changes: Record<string, string>) => void}} actions */
export function createMadePanel(actions) {
  const title = h("h3", {});
  const sentence = h("p", { class: "sentence" }, "");
  const signs = createSegments(
    gettext("Sign"),
    SIGNS.map((sign) => ({ value: sign, text: SIGN_TITLES[sign] })),
    (sign) => actions.set({ sign }),
  );
  const boxes = { excites: createMadeBox("excites", actions), inhibits: createMadeBox("inhibits", actions) };
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

  /** @param {View} view */
  function drawSave(view) {
    const film = view.found[view.sign]?.film ?? [];
    const moment = momentAt(film, view.step);
    save.disabled = !moment;
    const { stage, channel } = view.query;
    const checkpoint = fileNameOf(view.title); // an own file's name in addresses is nobody else's
    if (moment)
      Object.assign(save.dataset, {
        href: pictureAddress(view.query, view.sign, moment.step, view.digest),
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
        boxes[sign].update(view, view.found[sign]);
      }
      element.classList.toggle("whole", view.isWhole);
      const found = view.found[view.sign];
      film.update({
        moments: found?.film ?? [],
        step: view.step,
        best: view.sign === "excites" && view.contrast === "photo" ? view.best : null,
        pictureOf: (step) => pictureAddress(view.query, view.sign, step, view.digest),
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
