/** The search for image parts: begun once for every channel, asked about until it has ended. */
import { getJson, postJson } from "../server/api.js";

const AGAIN_MS = 500;

/** @typedef {import("./parts_panel.js").Found} Found */
/** @typedef {{checkpoint: string, data: string}} Searched */

/** @param {{onChange: () => void, onRefused: (error: unknown) => void}} parts */
export function createSearch({ onChange, onRefused }) {
  /** @type {Found | null} */
  let found = null;
  /** @type {(Searched & {stage: string, channel: string}) | null} */
  let wanted = null;
  let request = 0;
  let timer = 0;

  async function look() {
    const mine = ++request;
    clearTimeout(timer);
    if (!wanted) return;
    try {
      const answer = await getJson("unit/parts", { ...wanted });
      if (mine !== request) return;
      found = answer;
    } catch (error) {
      if (mine === request) onRefused(error);
      return;
    }
    if (found?.state === "waiting" || found?.state === "running") timer = window.setTimeout(look, AGAIN_MS);
    onChange();
  }

  /** @param {string} path @param {object} body */
  async function tell(path, body) {
    try {
      await postJson(path, body);
    } catch (error) {
      return onRefused(error);
    }
    await look();
  }

  return {
    get found() {
      return found;
    },
    /** @param {Searched & {stage: string, channel: string}} given */
    want(given) {
      if (JSON.stringify(given) === JSON.stringify(wanted)) return;
      if (wanted && (given.checkpoint !== wanted.checkpoint || given.data !== wanted.data)) found = null;
      wanted = given;
      void look();
    },
    start: () => wanted && void tell("unit/parts", wanted),
    cancel: () => found?.id && void tell(`unit/parts/${found.id}/cancel`, {}),
    end() {
      request += 1;
      clearTimeout(timer);
    },
  };
}
