/** The head of the Why page: the question as its title, the method, the class that is asked about and the one it is asked against. */
import { fill, h } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { rivalOf, stagesOf, targetOf } from "./target.js";
import { METHODS } from "./words.js";

/** @param {(given: Partial<Record<import("./state.js").Key, string>>) => void} set @param {HTMLElement} save the save menu, which stands at the end */
export function createHead(set, save) {
  const title = h("h2", {}, gettext("Why?"));
  const methods = createSegments(gettext("Method"), METHODS, (method) => set({ method }));
  const targetPick = createLongPick(gettext("target"), (target) => set({ target }));
  const versusPick = createLongPick(gettext("rather than"), (versus) => set({ versus }));
  const stagePick = createPick(gettext("stage"), (stage) => set({ stage }));

  /** @param {import("../server/api.js").Trace} trace @param {import("./target.js").State} state */
  function drawQuestion(trace, state) {
    const { classes } = trace.header.checkpoint;
    const { versus, method } = state;
    const target = targetOf(trace, state);
    const rival = rivalOf(trace, state);
    const rather = rival === null ? "" : classes[rival];
    fill(
      title,
      trace.header.has_answer ? gettext("Why {target}?", { target: classes[target] }) : gettext("Why?"),
      rather ? h("span", { class: "light" }, ` ${gettext("rather than {rival}", { rival: rather })}`) : null,
    );
    const options = classes.map((name, k) => ({ value: String(k), title: name }));
    targetPick.update(options, String(target));
    versusPick.update(
      [{ value: "", title: gettext("none") }, ...options.filter(({ value }) => value !== String(target))],
      rather ? versus : "",
    );
    const stages = stagesOf(trace, state);
    stagePick.update(
      stages.names.map((name) => ({ value: name, title: stageTitle(name) })),
      stages.open,
    );
    stagePick.element.hidden = method !== "grad-cam";
  }

  return {
    element: h(
      "div",
      { class: "why-title" },
      title,
      methods.element,
      h("div", { class: "row" }, targetPick.element, versusPick.element, save),
    ),
    title,
    targetPick,
    versusPick,
    /** The stage that Grad-CAM looks at; it stands at the map. */
    stagePick,
    /** @param {import("./target.js").State} state @param {import("../server/api.js").Trace | null} trace null before the first is there */
    update(state, trace) {
      methods.update(state.method);
      if (trace) drawQuestion(trace, state);
    },
  };
}
