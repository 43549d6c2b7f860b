/** What a person does with a run: stop, resume, end, delete, note, open. */
import { postJson } from "../server/api.js";
import { visit } from "../shell/url.js";
import { actionOn } from "./run_head.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */

/** @param {{store: ReturnType<typeof import("./runs_store.js").createRunsStore>, photo: () => string, onStart: () => void, onDeleted: (id: string) => void, onSaid: (words: string) => void, onFail: (error: unknown) => void}} page onStart: something is being done */
export function createRunActions({ store, photo, onStart, onDeleted, onSaid, onFail }) {
  /** @param {string} path @param {object} body @param {() => void} then */
  async function send(path, body, then) {
    try {
      await postJson(path, body);
      then();
    } catch (error) {
      onFail(error);
    }
    await store.poll();
  }

  /** @param {string} id @param {string} action */
  function perform(id, action) {
    const before = store.find(id);
    if (action === "stop" && before) before.state = "stopping";
    onStart();
    void send(`runs/${id}/${action}`, {}, () => action === "delete" && onDeleted(id));
  }

  return {
    perform,
    /** @param {string} id @param {string} text */
    note: (id, text) => void send(`runs/${id}/note`, { note: text }, () => onSaid("The note is saved")),
    /** @param {Run | null} run */
    stopOrResume(run) {
      const action = actionOn(run);
      if (run && action) perform(run.id, action);
    },
    /** @param {Run} run @param {number | null} epoch the last one where null */
    open(run, epoch) {
      const kept = epoch === null ? run.checkpoints.at(-1) : run.checkpoints.find((each) => each.epoch === epoch);
      visit("", { photo: photo(), checkpoint: run.state === "shipped" ? (kept?.name ?? run.id) : `${run.id}:${epoch ?? "last"}` });
    },
  };
}
