/** The panel behind "Upload photo": drop zone, camera, gallery with credits. A picture dropped anywhere does the same. */
import { pictureAddress, sendCheckpoint, sendPhoto } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { fixed } from "../lib/format.js";
import { gettext } from "../lib/language.js";

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
  const gallery = h("div", { class: "gallery" });
  const video = h("video", { playsinline: true, muted: true, hidden: true });
  const shoot = h(
    "button",
    { class: "button primary", type: "button", hidden: true, onclick: () => takePicture() },
    gettext("Take the picture"),
  );
  const cameraButton = h(
    "button",
    { class: "button", type: "button", onclick: () => startCamera() },
    gettext("Use the camera"),
  );
  const zone = h(
    "div",
    { class: "drop-zone" },
    h("p", {}, gettext("Drop photos here, or")),
    h(
      "div",
      { class: "row" },
      h("button", { class: "button primary", type: "button", onclick: () => input.click() }, gettext("Choose files")),
      cameraButton,
      shoot,
    ),
    video,
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
    { class: "dialog upload", "aria-label": gettext("Choose a photo"), onclose: () => stopCamera() },
    h(
      "div",
      { class: "title-row" },
      h("h2", {}, gettext("Choose a photo")),
      h("button", { class: "button", type: "button", onclick: () => dialog.close() }, gettext("Close")),
    ),
    problems,
    zone,
    h("h3", {}, gettext("Gallery")),
    gallery,
  );
  root.append(input, dialog);
  /** @type {MediaStream | null} */
  let stream = null;

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
            size: fixed(file.size / 1e6, 1),
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

  async function startCamera() {
    fill(problems);
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
    } catch {
      fill(
        problems,
        h(
          "div",
          { class: "error-box" },
          gettext(
            "No camera can be used: there is none, or the browser has not been allowed to use it. Choose a file instead.",
          ),
        ),
      );
      return;
    }
    video.srcObject = stream;
    video.hidden = shoot.hidden = false;
    cameraButton.hidden = true;
    await video.play();
  }

  function stopCamera() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = shoot.hidden = true;
    cameraButton.hidden = false;
  }

  function takePicture() {
    const canvas = h("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    canvas.toBlob((blob) => blob && void receive([new File([blob], "camera.png", { type: "image/png" })]), "image/png");
  }

  function open() {
    fill(problems);
    fill(
      gallery,
      actions.photos().map((photo) =>
        h(
          "figure",
          {},
          h(
            "button",
            {
              type: "button",
              "aria-label": photo.title,
              onclick: () => {
                dialog.close();
                actions.onPick(photo);
              },
            },
            h("img", { src: pictureAddress(photo.id, 320), alt: "", loading: "lazy" }),
          ),
          h(
            "figcaption",
            {},
            h("b", {}, photo.title),
            photo.gallery
              ? h("span", { class: "quiet" }, `${photo.credit}. ${photo.licence}.`)
              : h(
                  "span",
                  { class: "quiet" },
                  gettext("your photo, {width} × {height}", { width: photo.width, height: photo.height }),
                ),
          ),
        ),
      ),
    );
    dialog.showModal();
  }

  /** @param {DragEvent} event */
  const onDragOver = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  };
  /** @param {DragEvent} event */
  const onDragLeave = (event) => {
    if (!event.relatedTarget) root.classList.remove("dropping");
  };
  /** @param {DragEvent} event */
  const onDrop = (event) => {
    root.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void receive(event.dataTransfer.files);
  };
  /** A picture from the clipboard does the same. @param {ClipboardEvent} event */
  const onPaste = (event) => {
    if (event.clipboardData?.files.length) void receive(event.clipboardData.files);
  };
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("dragleave", onDragLeave);
  document.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste);

  return {
    button,
    open,
    destroy() {
      stopCamera();
      document.removeEventListener("dragover", onDragOver);
      document.removeEventListener("dragleave", onDragLeave);
      document.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPaste);
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
