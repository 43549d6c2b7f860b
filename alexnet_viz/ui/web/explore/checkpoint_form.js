/** The fields that describe a checkpoint: one's own is named here, and kept; of others what nobody has said yet is chosen. */
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { postJson } from "../server/api.js";
import { isOwnCheckpoint } from "../shell/tab_memory.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("../server/api.js").TraceHeader["checkpoint"]} Checkpoint */

const ONLY_HERE = gettext(
  "Only this tab has it: 120 s after the tab closes it is gone. Kept, it is written into the folder of your checkpoints, and every page lists it.",
);

/**
 * @param {{name: string, title: string}[]} normalisations the usual ones
 * @param {{onChanged: (entry: CheckpointEntry, instead: string) => void, onKept: (entry: CheckpointEntry, path: string) => void}} actions
 *   `onChanged`: it has another name now; `onKept`: it is a file of this machine
 */
export function createCheckpointForm(normalisations, { onChanged, onKept }) {
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
  const element = h(
    "div",
    { class: "own-checkpoint" },
    ...Object.values(fields),
    h("div", { class: "row" }, apply, keep),
    where,
  );
  /** @type {Checkpoint | null} */
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
    onKept(entry, path);
  }

  /** @param {Checkpoint} now */
  function fillFields(now) {
    const isOwn = isOwnCheckpoint(now.name);
    const open = (/** @type {string} */ what) => now.undecided.includes(what);
    fields.name.hidden = keep.hidden = !isOwn;
    fields.variant.hidden = !open("variant") || now.alike.length < 2;
    fields.normalisation.hidden = !open("normalisation");
    fields.classes.hidden = !isOwn && !open("classes");
    element.hidden = !isOwn && !now.undecided.length;
    fill(
      variant,
      now.alike.map((each) => h("option", { value: each.name }, `${each.name}: ${each.title}`)),
    );
    fill(
      normalisation,
      withCurrent(normalisations, now.normalisation).map((each) => h("option", { value: each.name }, each.title)),
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
    element,
    /** What was refused. */
    problem,
    /** @param {Checkpoint} now */
    update(now) {
      checkpoint = now;
      problem.hidden = true;
      fillFields(now);
    },
  };
}

/** The usual normalisations, and the current one where it is none of them. @param {{name: string, title: string}[]} usual @param {string} current */
function withCurrent(usual, current) {
  return usual.some(({ name }) => name === current) ? usual : [...usual, { name: current, title: current }];
}

/** @param {string} label @param {HTMLElement} control */
function field(label, control) {
  return h("label", { class: "field" }, h("span", {}, label), control);
}
