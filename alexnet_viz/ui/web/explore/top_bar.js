/** What the Explore page has in the top bar: upload, the photo's pick, the checkpoint's pick and what is behind it. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";
import { keepCheckpoint, keepPhotos, kept, photoOptions } from "../shell/tab_memory.js";
import { createUpload, sendModelFile } from "../shell/upload.js";
import { createCheckpointPanel } from "./checkpoint_panel.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {Partial<Record<import("./state.js").Key, string>>} Changes */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{name: string, title: string}[]} normalisations the usual ones
 * @param {{set: (changes: Changes) => void, reload: () => void, fallback: string, hasMaps: () => boolean, say: (problem: import("./problem_box.js").Problem) => void}} actions
 */
export function createTopBar(frame, normalisations, { set, reload, fallback, hasMaps, say }) {
  const upload = createUpload(frame.root, {
    photos: () => kept.photos,
    onPick: (photo) => set({ photo: photo.id }),
    onPhotos: receive,
    onModel: (file) => sendModelFile(file, frame, open, refuse),
  });
  const photoPick = createPick(gettext("photo"), (photo) => set({ photo }));
  const menu = createCheckpointMenu(frame, { choose: (checkpoint) => set({ checkpoint }), refuse, fallback });
  const alteredWord = h("span", { class: "pick-altered", hidden: true }, gettext("altered"));
  menu.button.append(alteredWord);
  const panel = createCheckpointPanel(frame, normalisations, open);
  frame.setActions(upload.button, photoPick.element, h("div", { class: "row" }, menu.element, panel.element));

  /** @param {Photo[]} photos @param {string[]} refused */
  function receive(photos, refused) {
    keepPhotos(photos);
    if (photos.length)
      set(photos.length > 1 && hasMaps() ? { photo: photos[0].id, view: "photos" } : { photo: photos[0].id });
    if (refused.length)
      say({
        words: refused.join("\n"),
        consequence: photos.length ? undefined : gettext("The last photo stays on the page."),
        isAnswered: false,
      });
  }

  /** @param {CheckpointEntry} entry @param {string} [instead] */
  function open(entry, instead) {
    keepCheckpoint(entry, instead);
    if (entry.name === menu.button.dataset.value) reload();
    else set({ checkpoint: entry.name });
  }

  /** @param {unknown} error */
  function refuse(error) {
    say({
      words: /** @type {Error} */ (error).message,
      consequence: gettext("The last checkpoint stays open."),
      isAnswered: false,
    });
  }

  return {
    /** @param {{photo: string, checkpoint: string, altered: string}} state @param {import("../server/api.js").Trace | null} trace */
    update({ photo, checkpoint, altered }, trace) {
      alteredWord.hidden = !altered;
      menu.button.classList.toggle("altered", altered !== "");
      photoPick.update(photoOptions(), photo);
      menu.update(checkpoint);
      if (trace) panel.update(trace.header.checkpoint);
    },
    destroy() {
      upload.destroy();
      menu.destroy();
    },
  };
}
