/** Behind the checkpoint's pick: what is known and what was assumed of it; one's own file is named here, and kept. */
import { fill, h, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { createCheckpointForm } from "./checkpoint_form.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{name: string, title: string}[]} normalisations the usual ones
 * @param {(entry: CheckpointEntry, instead: string) => void} onChanged it has another name now: other answers, or a file that is kept
 */
export function createCheckpointPanel(frame, normalisations, onChanged) {
  const button = h(
    "button",
    { class: "about-button", type: "button", title: gettext("What is known of this checkpoint") },
    gettext("About"),
  );
  const title = h("h3", {});
  const facts = h("p", { class: "note" });
  const chosen = h("ul", { class: "assumed chosen", "aria-label": gettext("Chosen for this file") });
  const assumed = h("ul", { class: "assumed", "aria-label": gettext("Assumed of this file") });
  const form = createCheckpointForm(normalisations, {
    onChanged,
    onKept(entry, path) {
      frame.toast(gettext("Kept as {path}", { path }));
      popover.close(false);
      onChanged(entry, "");
    },
  });
  const panel = h(
    "div",
    { class: "checkpoint-panel", role: "group", "aria-label": gettext("About this checkpoint") },
    title,
    facts,
    chosen,
    assumed,
    form.element,
    form.problem,
  );
  const popover = createPopover(button, panel);
  /** @type {import("../server/api.js").TraceHeader["checkpoint"] | null} */
  let checkpoint = null;

  return {
    element: popover.element,
    /** @param {import("../server/api.js").TraceHeader["checkpoint"]} now */
    update(now) {
      if (checkpoint?.digest === now.digest && checkpoint.name === now.name) return;
      checkpoint = now;
      const assumptions = now.assumed.length;
      setText(
        button,
        assumptions
          ? ngettext("{count} assumed", "{count} assumed", assumptions, { count: assumptions })
          : gettext("About"),
      );
      button.classList.toggle("warned", assumptions > 0);
      setText(title, now.title);
      setText(facts, factWords(now));
      for (const [list, sentences] of /** @type {[HTMLElement, string[]][]} */ ([
        [chosen, now.chosen],
        [assumed, now.assumed],
      ])) {
        fill(
          list,
          sentences.map((sentence) => h("li", {}, sentence)),
        );
        list.hidden = !sentences.length;
      }
      form.update(now);
    },
  };
}

/** @param {import("../server/api.js").TraceHeader["checkpoint"]} checkpoint @returns {string} how many classes, which variant, which epoch */
function factWords({ classes, variant, epoch }) {
  const known = { count: count(classes.length), variant };
  if (epoch === null)
    return ngettext("{count} class, variant {variant}", "{count} classes, variant {variant}", classes.length, known);
  return ngettext(
    "{count} class, variant {variant}, epoch {epoch}",
    "{count} classes, variant {variant}, epoch {epoch}",
    classes.length,
    { ...known, epoch },
  );
}
