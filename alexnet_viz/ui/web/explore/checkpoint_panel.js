/** Behind the checkpoint's pick: what is known and what was assumed of it; one's own file is named here, and kept. */
import { fill, h, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { createPopover } from "../lib/popover.js";
import { postJson } from "../server/api.js";
import { isOwnCheckpoint } from "../shell/tab_memory.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {(entry: CheckpointEntry, instead: string) => void} onChanged it has another name now: other answers, or a file that is kept
 */
export function createCheckpointPanel(frame, onChanged) {
  const button = h("button", { class: "about-button", type: "button", title: "What is known of this checkpoint" }, "About");
  const title = h("h3", {});
  const facts = h("p", { class: "note" });
  const assumed = h("ul", { class: "assumed", "aria-label": "Assumed of this file" });
  const problem = h("div", { class: "error-box", role: "alert", hidden: true });
  const name = h("input", { type: "text", maxlength: "100" });
  const classes = h("textarea", { rows: "5", placeholder: "one name a line", spellcheck: "false" });
  const file = h("input", { type: "file", accept: ".txt,text/plain", onchange: readFile });
  const apply = h("button", { class: "button", type: "button", onclick: () => void act(apply, "Naming", describe) }, "Use these names");
  const keep = h("button", { class: "button", type: "button", onclick: () => void act(keep, "Keeping", keepForGood) }, "Keep it");
  const own = h(
    "div",
    { class: "own-checkpoint" },
    h("label", { class: "field" }, h("span", {}, "name"), name),
    h("label", { class: "field" }, h("span", {}, "class names"), classes),
    h("label", { class: "field" }, h("span", {}, "or a text file"), file),
    h("div", { class: "row" }, apply, keep),
    h("p", { class: "note" }, "Only this tab has it: 120 s after the tab closes it is gone. Kept, it is written into the folder of your checkpoints, and every page lists it."),
  );
  const panel = h("div", { class: "checkpoint-panel", role: "group", "aria-label": "About this checkpoint" }, title, facts, assumed, own, problem);
  const popover = createPopover(button, panel);
  let shown = "";

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
    const instead = shown;
    const names = classes.value.split("\n").map((line) => line.trim()).filter(Boolean);
    onChanged(await postJson(`checkpoints/${instead}/description`, { title: name.value.trim(), classes: names }), instead);
  }

  async function keepForGood() {
    const { path, ...entry } = await postJson(`checkpoints/${shown}/kept`);
    frame.toast(`Kept as ${path}`);
    popover.close(false);
    onChanged(entry, "");
  }

  return {
    element: popover.element,
    /** @param {import("../server/api.js").TraceHeader["checkpoint"]} checkpoint */
    update(checkpoint) {
      if (shown === checkpoint.name) return;
      shown = checkpoint.name;
      const assumptions = checkpoint.assumed.length;
      setText(button, assumptions ? `${assumptions} assumed` : "About");
      button.classList.toggle("warned", assumptions > 0);
      setText(title, checkpoint.title);
      setText(facts, `${count(checkpoint.classes.length)} classes, variant ${checkpoint.variant}${checkpoint.epoch === null ? "" : `, epoch ${checkpoint.epoch}`}`);
      fill(assumed, checkpoint.assumed.map((sentence) => h("li", {}, sentence)));
      assumed.hidden = !assumptions;
      own.hidden = !isOwnCheckpoint(checkpoint.name);
      problem.hidden = true;
      name.value = checkpoint.title;
      classes.value = checkpoint.classes.join("\n");
      file.value = "";
    },
  };
}
