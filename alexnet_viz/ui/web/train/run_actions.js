/** What a person does with a run: stop, resume, end, delete, note, open. */
import { postJson } from "../server/api.js";
import { gettext } from "../lib/language.js";
import { visit } from "../shell/url.js";
import { actionOn } from "./run_head.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {{words: string, accept: () => void}} Offer what can be done instead of what was refused */

/** @param {{store: ReturnType<typeof import("./runs_store.js").createRunsStore>, photo: () => string, onStart: () => void, onDeleted: (id: string) => void, onSaid: (words: string) => void, onFail: (error: unknown, offer?: Offer | null) => void}} page onStart: something is being done */
export function createRunActions({ store, photo, onStart, onDeleted, onSaid, onFail }) {
  /** @param {string} path @param {object} body @param {() => void} then @param {(error: unknown) => Offer | null} [offer] */
  async function send(path, body, then, offer) {
    try {
      await postJson(path, body);
      then();
    } catch (error) {
      onFail(error, offer?.(error) ?? null);
    }
    await store.poll();
  }

  /** Where the files to go on from are damaged, the last whole epoch is offered. @param {string} id @param {any} error @returns {Offer | null} */
  function fromCheckpoint(id, error) {
    const name = error?.answer?.last_whole;
    return name
      ? {
          words: gettext("Go on from epoch {epoch}", { epoch: Number(name.replace(/^\D+/, "")) }),
          accept: () => perform(id, "resume", { from_checkpoint: true }),
        }
      : null;
  }

  /** @param {string} id @param {string} action @param {object} [body] */
  function perform(id, action, body = {}) {
    const before = store.find(id);
    if (action === "stop" && before) before.state = "stopping";
    onStart();
    void send(
      `runs/${id}/${action}`,
      body,
      () => action === "delete" && onDeleted(id),
      (error) => fromCheckpoint(id, error),
    );
  }

  return {
    /** @param {string} id @param {string} action */
    perform: (id, action) => perform(id, action),
    /** @param {string} id @param {string} text */
    note: (id, text) => void send(`runs/${id}/note`, { note: text }, () => onSaid(gettext("The note is saved"))),
    /** @param {Run | null} run */
    stopOrResume(run) {
      const action = actionOn(run);
      if (run && action) perform(run.id, action);
    },
    /** @param {Run} run @param {number | null} epoch the last one where null */
    open(run, epoch) {
      const kept = epoch === null ? run.checkpoints.at(-1) : run.checkpoints.find((each) => each.epoch === epoch);
      visit("", {
        photo: photo(),
        checkpoint: run.state === "shipped" ? (kept?.name ?? run.id) : `${run.id}:${epoch ?? "last"}`,
      });
    },
  };
}
