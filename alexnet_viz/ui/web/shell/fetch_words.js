/** The network that can be fetched, in words: where it stands, what it costs, what went wrong. */
import { duration, percent } from "../lib/format.js";

/**
 * @typedef {{state: "absent" | "waiting" | "fetching" | "checking" | "failed" | "here", job: string, name: string, title: string, size: string, site: string, licence: string,
 *   accuracy: number, allowed: boolean, kept: string, came: string, share: number, seconds_left: number | null, problem: {what: string, remedy: string, place: string} | null}} Fetch
 * @typedef {{title: string, facts: string, place: string, button: string, share: number | null, isProblem: boolean, remove: string}} FetchLine
 *   `place`: a file's name, which is code; `button`: what can be done, "" for nothing; `share`: of the bar, null for none
 */

/** @param {Fetch} fetch @returns {boolean} whether it changes by itself */
export const isUnderWay = ({ state }) => state === "waiting" || state === "fetching" || state === "checking";

/** @param {Fetch} fetch @param {boolean} isOpen @returns {FetchLine} */
export function fetchLine(fetch, isOpen) {
  const { title, size, site, licence, allowed, kept } = fetch;
  const line = { title, facts: "", place: "", button: "", share: null, isProblem: false, remove: "" };
  if (isUnderWay(fetch)) return underWay(fetch, line);
  if (fetch.state === "here") {
    const facts = [isOpen ? "open" : "found on this machine", `${percent(fetch.accuracy)} of ImageNet's pictures`, licence].join(" · ");
    return { ...line, facts, button: isOpen ? "" : "Open", remove: allowed ? `Remove, ${size}` : "" };
  }
  if (!allowed) return { ...line, facts: "Ask whoever runs this app; the file goes into", place: "checkpoints/" };
  if (fetch.state === "failed") return problemLine(fetch, line);
  const facts = `${size} from ${site} · ${licence}`;
  return { ...line, facts: kept ? `${facts} · ${kept} kept` : facts, button: kept ? "Go on" : "Get" };
}

/** Another person's fetch is seen, and not ended. @param {Fetch} fetch @param {FetchLine} line @returns {FetchLine} */
function underWay({ state, job, came, share, seconds_left: left, site }, line) {
  const button = job ? "Cancel" : "";
  if (state === "checking") return { ...line, title: "Checking the file", share: 1 };
  if (state === "waiting") return { ...line, title: `Asking ${site}`, share: 0, button };
  return { ...line, title: left === null ? came : `${came}, about ${duration(Math.max(1, left))}`, share, button };
}

/** @param {Fetch} fetch @param {FetchLine} line @returns {FetchLine} the remedy that is the button needs no sentence */
function problemLine({ problem, kept }, line) {
  const { what = "", remedy = "", place = "" } = problem ?? {};
  return { ...line, title: what, facts: remedy === "Try again" ? "" : remedy, place, button: kept ? "Go on" : "Try again", isProblem: true };
}
