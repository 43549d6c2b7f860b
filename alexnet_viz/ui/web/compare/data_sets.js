/** The pictures that two networks are compared on, and what has been found out on them. */
import { createJobs } from "./jobs.js";
import { gettext } from "../lib/language.js";
import { getJson, postJson, sendFile } from "../server/api.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {{name: string, title: string, images: number, remark: string}} DataSet remark: why answers on it cannot be counted, "" where they can */

/** @type {DataSet} */
const UNKNOWN = { name: "cifar10-sample", title: gettext("test pictures"), images: 500, remark: "" };

/**
 * @param {{pair: () => {a: string, b: string, data: string, count: string}, onChange: (isProgress: boolean) => void}} actions
 *   onChange: with true when nothing but the progress is new
 */
export function createDataSets({ pair, onChange }) {
  /** @type {DataSet[]} */
  let list = [];
  let listedFor = "";
  /** @type {import("../shell/upload_summary.js").Upload | null} */
  let sent = null;
  const jobs = createJobs(onChange);

  /** The chosen one, else the first whose classes both networks know. */
  function current() {
    return list.find(({ name }) => name === pair().data) ?? list.find(({ remark }) => !remark) ?? list[0] ?? UNKNOWN;
  }

  function asked() {
    const { a, b, count } = pair();
    return { a, b, data: current().name, count };
  }

  /** @param {string} own name of a person's own pictures */
  async function read(own) {
    const { a, b } = pair();
    const key = JSON.stringify([a, b, own]);
    if (key === listedFor) return;
    const { data } = await getJson("comparison/data", { a, b, own });
    if (a === pair().a && b === pair().b) [list, listedFor] = [data, key];
  }

  return {
    asked,
    current,
    get list() {
      return list;
    },
    /** What the chosen zip holds, where it was sent from this page. */
    get upload() {
      return sent && `folder-${sent.data}` === current().name ? sent : null;
    },
    known: () => jobs.of(asked()),
    start: () => void jobs.start(asked()),
    cancel: () => void jobs.cancel(asked()),
    /** Whether the server has a comparison already. */
    look: () => jobs.look(asked()),
    /** The data sets for the pair, and whether the server has a comparison of it already. */
    async find() {
      await read(pair().data);
      await jobs.look(asked());
    },
    /** Class folders in a zip, as the Train page takes them. @param {File} file @param {(words: string) => void} say @param {AbortSignal} signal @returns {Promise<string>} their name */
    async add(file, say, signal) {
      const own = await sendFile("datasets", file, say, signal, { use: "measured" });
      sent = own;
      await read(`folder-${own.data}`);
      return `folder-${own.data}`;
    },
    /** A picture as a photo like any other. @param {number} index @returns {Promise<Photo>} */
    photo: (index) => postJson(`comparison/data/${current().name}/${index}/photo`),
    destroy: jobs.destroy,
  };
}
