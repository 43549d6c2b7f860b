/** The photo's pick of a page whose top bar has no button to upload one: its last entry does, and so does a photo that is dropped or pasted. */
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { keepPhotos, kept, photoOptions } from "./tab_memory.js";
import { createUpload } from "./upload.js";

const UPLOAD = "+";

/**
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame
 * @param {{choose: (photo: string) => void, refuse: (words: string) => void, onModel?: (file: File) => void}} page
 *   choose: one that is there, or was sent just now; refuse: why some that were sent were not taken; onModel: as of `createUpload`
 */
export function createPhotoPick(frame, { choose, refuse, onModel }) {
  let shown = "";
  const upload = createUpload(frame.root, {
    photos: () => kept.photos,
    onPick: ({ id }) => choose(id),
    onPhotos,
    onModel,
  });
  const pick = createPick(gettext("photo"), (photo) => (photo === UPLOAD ? open() : choose(photo)));

  /** @param {import("./tab_memory.js").Photo[]} photos @param {string[]} refused */
  function onPhotos(photos, refused) {
    keepPhotos(photos);
    if (photos.length) choose(photos[0].id);
    if (refused.length) refuse(refused.join("\n"));
  }

  function open() {
    pick.select.value = shown;
    upload.open();
  }

  return {
    element: pick.element,
    /** @param {string} photo */
    update(photo) {
      shown = photo;
      pick.update([...photoOptions(), { value: UPLOAD, title: gettext("Upload a photo…") }], photo);
    },
    destroy: upload.destroy,
  };
}
