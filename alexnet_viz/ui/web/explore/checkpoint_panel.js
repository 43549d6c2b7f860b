/** Behind the checkpoint's pick: what is known and what was assumed of it; one's own file is named here, and kept. */
import { fill, h, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { postJson } from "../server/api.js";
import { isOwnCheckpoint } from "../shell/tab_memory.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

const ONLY_HERE = gettext(
  "Only this tab has it: 120 s after the tab closes it is gone. Kept, it is written into the folder of your checkpoints, and every page lists it.",
);

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
  const problem = h("div", { class: "error-box", role: "alert", hidden: true });
  const name = h("input", { type: "text", maxlength: "100" });
  const variant = h("select", {});
  const normalisation = h("select", {});
  const classes = h("textarea", { rows: "5", placeholder: gettext("one name a line"), spellcheck: "false" });
  const file = h("input", { type: "file", accept: ".txt,text/plain", onchange: readFile });
  const apply = h(
    "button",
    { class: "button", type: "button", onclick: () => void act(apply, gettext("Opening"), describe) },
    gettext("Use this"),
  );
  const keep = h(
    "button",
    { class: "button", type: "button", onclick: () => void act(keep, gettext("Keeping"), keepForGood) },
    gettext("Keep it"),
  );
  const fields = {
    name: field(gettext("name"), name),
    variant: field(gettext("variant"), variant),
    normalisation: field(gettext("normalisation"), normalisation),
    classes: h(
      "div",
      { class: "own-checkpoint" },
      field(gettext("class names"), classes),
      field(gettext("or a text file"), file),
    ),
  };
  const where = h("p", { class: "note" });
  const own = h(
    "div",
    { class: "own-checkpoint" },
    ...Object.values(fields),
    h("div", { class: "row" }, apply, keep),
    where,
  );
  const panel = h(
    "div",
    { class: "checkpoint-panel", role: "group", "aria-label": gettext("About this checkpoint") },
    title,
    facts,
    chosen,
    assumed,
    own,
    problem,
  );
  const popover = createPopover(button, panel);
  /** @type {import("../server/api.js").TraceHeader["checkpoint"] | null} */
  let checkpoint = null;

  async function readFile() {
    const chosen = file.files?.[0];
    if (chosen) classes.value = (await chosen.text()).trim();
  }

  /** @param {HTMLButtonElement} pressed @param {string} words while it is under way @param {() => Promise<void>} work */
  async function act(pressed, words, work) {
    const label = pressed.textContent ?? "";
    pressed.disabled = true;
    setText(pressed, words);
    problem.hidden = true;
    try {
      await work();
    } catch (error) {
      problem.hidden = false;
      fill(problem, /** @type {Error} */ (error).message);
    }
    setText(pressed, label);
    pressed.disabled = false;
  }

  async function describe() {
    if (!checkpoint) return;
    const { name: instead, classes: before } = checkpoint;
    const changed = {
      title: name.value.trim(),
      ...(variant.value !== checkpoint.variant && { variant: variant.value }),
    };
    Object.assign(changed, normalisation.value !== checkpoint.normalisation && { normalisation: normalisation.value });
    Object.assign(changed, classes.value.trim() !== before.join("\n") && { classes: classes.value });
    const entry = await postJson(`checkpoints/${encodeURIComponent(instead)}/description`, changed);
    onChanged(entry, instead);
  }

  async function keepForGood() {
    const { path, ...entry } = await postJson(`checkpoints/${checkpoint?.name}/kept`);
    frame.toast(gettext("Kept as {path}", { path }));
    popover.close(false);
    onChanged(entry, "");
  }

  /** @param {NonNullable<typeof checkpoint>} now */
  function fillFields(now) {
    const isOwn = isOwnCheckpoint(now.name);
    const open = (/** @type {string} */ what) => now.undecided.includes(what);
    fields.name.hidden = keep.hidden = !isOwn;
    fields.variant.hidden = !open("variant") || now.alike.length < 2;
    fields.normalisation.hidden = !open("normalisation");
    fields.classes.hidden = !isOwn && !open("classes");
    own.hidden = !isOwn && !now.undecided.length;
    fill(
      variant,
      now.alike.map((each) => h("option", { value: each.name }, `${each.name}: ${each.title}`)),
    );
    const known = normalisations.some((each) => each.name === now.normalisation);
    const offered = known ? normalisations : [...normalisations, { name: now.normalisation, title: now.normalisation }];
    fill(
      normalisation,
      offered.map((each) => h("option", { value: each.name }, each.title)),
    );
    [name.value, variant.value, normalisation.value, classes.value, file.value] = [
      now.title,
      now.variant,
      now.normalisation,
      now.classes.join("\n"),
      "",
    ];
    setText(
      where,
      isOwn ? ONLY_HERE : gettext("What is chosen is kept beside the file and holds for everybody who opens it."),
    );
  }

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
      const known = { count: count(now.classes.length), variant: now.variant };
      setText(
        facts,
        now.epoch === null
          ? ngettext(
              "{count} class, variant {variant}",
              "{count} classes, variant {variant}",
              now.classes.length,
              known,
            )
          : ngettext(
              "{count} class, variant {variant}, epoch {epoch}",
              "{count} classes, variant {variant}, epoch {epoch}",
              now.classes.length,
              { ...known, epoch: now.epoch },
            ),
      );
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
      problem.hidden = true;
      fillFields(now);
    },
  };
}

/** @param {string} label @param {HTMLElement} control */
function field(label, control) {
  return h("label", { class: "field" }, h("span", {}, label), control);
}
