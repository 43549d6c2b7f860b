/** The layer table as a CSV file, named after the photo and the network. */
import { createDownloads, fileNameOf } from "../lib/downloads.js";
import { address } from "../server/api.js";
import { kept } from "../shell/tab_memory.js";

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame @param {import("./state.js").State} state */
export function saveTable(frame, { variant, classes, photo }) {
  const title = kept.photos.find(({ id }) => id === photo)?.name ?? "photo";
  const name = `${fileNameOf([title, variant, `${classes}-classes`, "layers"].join("_"))}.csv`;
  createDownloads(frame).download(address("layers.csv", { variant, classes, photo }).href, name);
}
