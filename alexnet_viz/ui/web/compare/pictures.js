/** Pictures that come to the page: a zip of one's own, and one of the test set as a photo. */
import { gettext } from "../lib/language.js";
import { keepPhotos } from "../shell/tab_memory.js";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {ReturnType<typeof import("./data_sets.js").createDataSets>} sets
 * @param {{set: (changes: Partial<import("./state.js").State>) => void, fail: (error: unknown) => void}} actions
 */
export function createPictures(frame, sets, { set, fail }) {
  return {
    /** Class folders in a zip, as the Train page takes them. @param {File} file */
    async add(file) {
      const note = frame.lasting(gettext("Sending {file}", { file: file.name }));
      try {
        set({ data: await sets.add(file, note.say) });
      } catch (error) {
        fail(error);
      } finally {
        note.end();
      }
    },
    /** A picture of the test set becomes a photo like any other. @param {number} index */
    async open(index) {
      try {
        const photo = await sets.photo(index);
        keepPhotos([photo]);
        set({ view: "photo", photo: photo.id });
      } catch (error) {
        fail(error);
      }
    },
  };
}
