/** The panel behind "Upload photo": drop zone, camera, gallery with credits. A picture dropped anywhere does the same. */
import { sendCheckpoint, sendPhoto } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { marked } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createCamera } from "./camera.js";
import { createFileDrop } from "./file_drop.js";
import { createPhotoGallery } from "./photo_gallery.js";

/** @typedef {import("../server/api.js").Photo} Photo */
const ACCEPTED =
  "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/avif,.jpg,.jpeg,.png,.webp,.gif,.bmp,.tif,.tiff,.avif";
const MOST_BYTES = 25e6;
const MODEL_SUFFIXES = ".safetensors,.pt,.pth,.ckpt,.tar,.bin";
const MODEL_FILE = /\.(safetensors|pt|pth|ckpt|bin|pth\.tar)$/i;

/**
 * @param {HTMLElement} root
 * @param {{onPhotos: (photos: Photo[], problems: string[]) => void, onPick: (photo: Photo) => void, photos: () => Photo[], onModel?: (file: File) => void}} actions
 *   onModel: a page that opens model files takes those that are dropped on it
 */
export function createUpload(root, actions) {
  const input = h("input", {
    type: "file",
    accept: ACCEPTED,
    multiple: true,
    class: "unseen",
    tabindex: "-1",
    "aria-label": gettext("Choose photos"),
    onchange: () => void receive(input.files),
  });
  const button = h(
    "button",
    { class: "button primary", type: "button", onclick: () => open() },
    gettext("Upload photo"),
  );
  const problems = h("div", { role: "alert" });
  const gallery = createPhotoGallery({
    onPick: (photo) => {
      dialog.close();
      actions.onPick(photo);
    },
  });
  const camera = createCamera({
    onStart: () => fill(problems),
    onPicture: (picture) => void receive([picture]),
    onRefused: (words) => fill(problems, h("div", { class: "error-box" }, words)),
  });
  const zone = h(
    "div",
    { class: "drop-zone" },
    h("p", {}, gettext("Drop photos here, or")),
    h(
      "div",
      { class: "row" },
      h("button", { class: "button primary", type: "button", onclick: () => input.click() }, gettext("Choose files")),
      camera.buttons,
    ),
    camera.video,
    h(
      "p",
      { class: "quiet" },
      gettext(
        "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF, up to 25 MB and 40 million pixels (120 as JPEG). They stay on this server.",
      ),
    ),
  );
  const dialog = h(
    "dialog",
    { class: "dialog upload", "aria-label": gettext("Choose a photo"), onclose: () => camera.stop() },
    h(
      "div",
      { class: "title-row" },
      h("h2", {}, gettext("Choose a photo")),
      h("button", { class: "button", type: "button", onclick: () => dialog.close() }, gettext("Close")),
    ),
    problems,
    zone,
    h("h3", {}, gettext("Gallery")),
    gallery.element,
  );
  root.append(input, dialog);

  /** @param {ArrayLike<File> | null} files */
  async function receive(files) {
    const given = Array.from(files ?? []);
    const models = given.filter((file) => MODEL_FILE.test(file.name));
    const list = given.filter((file) => !models.includes(file));
    input.value = "";
    if (models.length) receiveModels(models);
    if (!list.length) return;
    const label = button.textContent;
    button.textContent = list.length > 1 ? gettext("Uploading {n}", { n: list.length }) : gettext("Uploading");
    button.disabled = true;
    fill(problems);
    /** @type {Photo[]} */
    const photos = [];
    /** @type {string[]} */
    const refused = [];
    for (const file of list) {
      if (file.size > MOST_BYTES) {
        refused.push(
          gettext("{file} is {size} MB; the limit is 25 MB. Shrink it and upload again.", {
            file: file.name,
            size: marked(String(Math.ceil(file.size / 1e5) / 10)), // upwards: 25.01 is not the limit
          }),
        );
        continue;
      }
      try {
        photos.push(await sendPhoto(file, file.name));
      } catch (error) {
        refused.push(/** @type {Error} */ (error).message);
      }
    }
    button.textContent = label;
    button.disabled = false;
    if (photos.length) dialog.close();
    else if (dialog.open)
      fill(
        problems,
        refused.map((text) => h("div", { class: "error-box" }, text)),
      );
    actions.onPhotos(photos, refused);
  }

  /** @param {File[]} models */
  function receiveModels(models) {
    if (!actions.onModel)
      actions.onPhotos(
        [],
        [gettext("{file} is a model file: open it under checkpoint A or B.", { file: models[0].name })],
      );
    else if (models.length === 1) actions.onModel(models[0]);
    else
      actions.onPhotos(
        [],
        [gettext("{files} are model files: drop one at a time.", { files: models.map(({ name }) => name).join(", ") })],
      );
  }

  function open() {
    fill(problems);
    gallery.update(actions.photos());
    dialog.showModal();
  }

  const drop = createFileDrop(root, (files) => void receive(files));

  return {
    button,
    open,
    destroy() {
      camera.stop();
      drop.destroy();
    },
  };
}

/**
 * Ask for a model file and send it.
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame says how far it is
 * @param {(entry: import("../server/api.js").CheckpointEntry) => void} onOpen
 * @param {(error: unknown) => void} onRefused
 */
export function chooseModelFile(frame, onOpen, onRefused) {
  const picker = h("input", { type: "file", accept: MODEL_SUFFIXES });
  picker.addEventListener(
    "change",
    () => picker.files?.[0] && sendModelFile(picker.files[0], frame, onOpen, onRefused),
  );
  picker.click();
}

/**
 * @param {File} file
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame says how far it is
 * @param {(entry: import("../server/api.js").CheckpointEntry) => void} onOpen
 * @param {(error: unknown) => void} onRefused
 */
export function sendModelFile(file, frame, onOpen, onRefused) {
  sendInSight(file, frame, (say, signal) => sendCheckpoint(file, say, signal)).then(
    (entry) => entry && onOpen(entry),
    onRefused,
  );
}

/**
 * A large file on its way: how far it is stands over the page, with a button that stops it.
 * @template Answer
 * @param {File} file
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame
 * @param {(say: (words: string) => void, signal: AbortSignal) => Promise<Answer>} send
 * @returns {Promise<Answer | null>} null where it was stopped
 */
export async function sendInSight(file, frame, send) {
  const stop = new AbortController();
  const note = frame.lasting(gettext("Sending {file}", { file: file.name }), {
    title: gettext("Stop"),
    act: () => stop.abort(),
  });
  try {
    return await send(note.say, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error;
  } finally {
    note.end();
  }
}
