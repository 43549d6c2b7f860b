/** What the Why page has in the top bar: upload, the photo's pick, the checkpoint's pick and the menu behind it. */
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";
import { keepCheckpoint, keepPhotos, kept, photoOptions } from "../shell/tab_memory.js";
import { createUpload, sendModelFile } from "../shell/upload.js";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{set: (given: Partial<Record<import("./state.js").Key, string>>) => void, refuse: (error: unknown) => void, tell: (words: string, mayRetry: boolean) => void, fallback: string}} actions
 *   tell: which files were no photos; fallback: the checkpoint that is opened when the open one is removed
 */
export function createTopBar(frame, { set, refuse, tell, fallback }) {
  const photoPick = createPick(gettext("photo"), (photo) => set({ photo }));
  const menu = createCheckpointMenu(frame, { choose: (checkpoint) => set({ checkpoint }), refuse, fallback });
  const upload = createUpload(frame.root, {
    photos: () => kept.photos,
    onPick: (photo) => set({ photo: photo.id }),
    onPhotos: (photos, refused) => {
      keepPhotos(photos);
      if (photos.length) set({ photo: photos[0].id });
      if (refused.length) tell(refused.join(" "), false);
    },
    onModel: (file) =>
      sendModelFile(file, frame, (entry) => (keepCheckpoint(entry), set({ checkpoint: entry.name })), refuse),
  });
  frame.setActions(upload.button, photoPick.element, menu.element);

  return {
    /** @param {{photo: string, checkpoint: string}} state */
    update({ photo, checkpoint }) {
      photoPick.update(photoOptions(), photo);
      menu.update(checkpoint);
    },
    destroy() {
      upload.destroy();
      menu.destroy();
    },
  };
}
