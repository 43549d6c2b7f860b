/** Pictures that come to the page: a zip of one's own, and one of the test set as a photo. */
import { keepPhotos } from "../shell/tab_memory.js";
import { sendInSight } from "../shell/upload.js";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {ReturnType<typeof import("./data_sets.js").createDataSets>} sets
 * @param {{set: (changes: Partial<import("./state.js").State>) => void, fail: (error: unknown) => void}} actions
 */
export function createPictures(frame, sets, { set, fail }) {
  return {
    /** Class folders in a zip, as the Train page takes them. @param {File} file */
    async add(file) {
      try {
        const data = await sendInSight(file, frame, (say, signal) => sets.add(file, say, signal));
        if (data) set({ data });
      } catch (error) {
        fail(error);
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
