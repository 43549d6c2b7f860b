/** What a run learns from: the data sets that are here, CIFAR-10 on request, a zip of one's own. */
import { postJson, sendFile } from "../server/api.js";
import { sendInSight } from "../shell/upload.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { choice, row } from "./form_fields.js";
import { uploadSummary } from "../shell/upload_summary.js";

/** @typedef {{name: string, title: string, images: number, held_out: string, missing?: string}} DataSet */
/** @typedef {import("../shell/upload_summary.js").Upload} Upload */
/** @typedef {ReturnType<typeof import("../shell/page_frame.js").createFrame>} Frame */

/**
 * @param {Frame} frame says how far a zip is on its way
 * @param {{onChange: () => void, onUpload: () => void, onFail: (error: unknown) => void}} form
 */
export function createDataChoice(frame, { onChange, onUpload, onFail }) {
  /** @type {DataSet[]} */
  let sets = [];
  /** @type {Upload | null} */
  let upload = null;
  const pick = choice("data", gettext("data"), changed);
  const note = h("div", { class: "form-note", role: "status" });
  const file = h("input", {
    type: "file",
    accept: ".zip",
    hidden: true,
    "aria-label": gettext("Zip of class folders"),
    onchange: () => void send(),
  });

  function chosen() {
    return sets.find(({ name }) => name === pick.value);
  }

  function isOwn() {
    return chosen()?.name === "folder";
  }

  function changed() {
    drawNote();
    onChange();
  }

  function drawNote() {
    const own = chosen();
    note.classList.toggle("own-images", isOwn() && upload !== null);
    if (own?.missing)
      fill(
        note,
        h("span", {}, own.missing),
        h(
          "button",
          { class: "link", type: "button", onclick: (/** @type {Event} */ event) => void fetchCifar(event) },
          gettext("Download 170 MB"),
        ),
      );
    else if (isOwn())
      fill(
        note,
        upload ? uploadSummary(upload) : h("p", {}, gettext("A zip with one folder of images for each class.")),
        h("p", {}, own?.held_out),
        h(
          "button",
          { class: "link", type: "button", onclick: () => file.click() },
          upload ? gettext("Another zip") : gettext("Choose a zip"),
        ),
      );
    else fill(note, own?.held_out ?? "");
  }

  async function send() {
    const own = file.files?.[0];
    file.value = "";
    if (!own) return;
    try {
      const sent = await sendInSight(own, frame, (say, signal) => sendFile("datasets", own, say, signal));
      if (!sent) return;
      upload = sent;
      onUpload();
      changed();
    } catch (error) {
      onFail(error);
    }
  }

  /** @param {Event} event */
  async function fetchCifar(event) {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    button.disabled = true;
    setText(button, gettext("Downloading"));
    try {
      offer((await postJson("datasets/cifar10")).datasets, pick.value, upload);
    } catch (error) {
      onFail(error);
      drawNote();
    }
  }

  /** @param {DataSet[]} given @param {string} name the one to choose, where it is offered @param {Upload | null} own one's own that was sent before */
  function offer(given, name, own) {
    sets = given;
    upload = own;
    fill(
      pick,
      given.map((each) => h("option", { value: each.name }, each.title)),
    );
    if (given.some((each) => each.name === name)) pick.value = name;
    changed();
  }

  return {
    elements: [row(gettext("data"), pick), note, file],
    offer,
    chosen,
    get upload() {
      return upload;
    },
    /** @returns {number} images that there are to learn from */
    total: () => (isOwn() ? (upload?.images ?? 0) : (chosen()?.images ?? 0)),
    isReady: () => chosen() !== undefined && !chosen()?.missing && (!isOwn() || upload !== null),
  };
}
