/** The head of the Unit page: which unit it is, the ways to another one, its name, and what can be done with it. */
import { h, setText } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { createNameFields } from "./name_fields.js";
import { hasMap, unitName } from "./stage_units.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Stage} Stage */
/**
 * @typedef {{state: State, stages: string[], stage: Stage | undefined, classes: string[], unit: import("./name_fields.js").Unit | null, channels: number | null}} HeadView
 * stages: their names; unit: null where it is not known yet whose name that would be; channels: how many the stage has; null until its pass is there, the arrows stay as they are
 */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, walk: (step: number) => void, hold: () => void, switchOff: () => void, explore: () => void, copy: () => void}} actions
 */
export function createHead(frame, { set, walk, hold, switchOff, explore, copy }) {
  const classPick = createLongPick(gettext("class"), (channel) => set({ channel }));
  const stagePick = createPick(gettext("stage"), (stage) => set({ stage }));
  stagePick.element.classList.add("unit-stage");
  const [previous, next] = [
    ["‹", -1, gettext("Previous channel")],
    ["›", 1, gettext("Next channel")],
  ].map(([sign, step, label]) =>
    h("button", { class: "button", type: "button", "aria-label": label, onclick: () => walk(Number(step)) }, sign),
  );
  const title = h("h2", { tabindex: "-1" });
  const names = createNameFields(frame);
  const linkButton = h("button", { class: "button", type: "button", onclick: copy }, gettext("Copy link"));
  const holdButton = h(
    "button",
    { class: "button", type: "button", title: gettext("Its map stays beside while you browse (H)"), onclick: hold },
    gettext("Hold while browsing"),
  );
  const offButton = h(
    "button",
    {
      class: "button",
      type: "button",
      title: gettext("Explore with this channel switched off (0)"),
      onclick: switchOff,
    },
    gettext("Switch off"),
  );
  const exploreButton = h(
    "button",
    { class: "button", type: "button", title: gettext("This channel in Explore (E)"), onclick: explore },
    gettext("On the wall"),
  );

  /** A class is found by its name. @param {State} state @param {string[]} classes */
  function drawClassPick({ stage, channel }, classes) {
    classPick.element.hidden = stage !== "logits";
    if (stage === "logits")
      classPick.update(
        classes.map((name, unit) => ({ value: String(unit), title: name })),
        channel,
      );
  }

  return {
    element: h(
      "div",
      { class: "unit-head" },
      previous,
      title,
      next,
      classPick.element,
      stagePick.element,
      names.element,
      holdButton,
      offButton,
      exploreButton,
      linkButton,
    ),
    get title() {
      return title.textContent ?? "";
    },
    focusName: names.focus,
    /** @param {HeadView} view */
    update({ state, stages, stage, classes, unit, channels }) {
      stagePick.update(
        stages.map((name) => ({ value: name, title: stageTitle(name) })),
        state.stage,
      );
      drawClassPick(state, classes);
      setText(title, `${stageTitle(state.stage)}, ${unitName(state, classes)}`);
      setText(holdButton, state.held ? gettext("Let go") : gettext("Hold while browsing"));
      holdButton.hidden = !hasMap(stage) && !state.held;
      offButton.hidden = state.stage === "logits"; // a class is an answer
      names.update(unit);
      if (channels === null) return;
      previous.disabled = Number(state.channel) === 0;
      next.disabled = Number(state.channel) >= channels - 1;
    },
    destroy: names.destroy,
  };
}
