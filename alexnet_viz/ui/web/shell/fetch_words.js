/** The network that can be fetched, in words: where it stands, what it costs, what went wrong. */
import { duration, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/**
 * @typedef {{state: "absent" | "waiting" | "fetching" | "checking" | "failed" | "here", job: string, name: string, title: string, size: string, site: string, licence: string,
 *   accuracy: number, allowed: boolean, kept: string, came: string, share: number, seconds_left: number | null, problem: {what: string, remedy: string, place: string} | null}} Fetch
 * @typedef {{title: string, facts: string, place: string, button: string, share: number | null, isProblem: boolean, remove: string}} FetchLine
 *   `place`: a file's name, which is code; `button`: what can be done, "" for nothing; `share`: of the bar, null for none
 */

export const BUTTONS = {
  cancel: gettext("Cancel"),
  open: gettext("Open"),
  get: gettext("Get"),
  goOn: gettext("Go on"),
  again: gettext("Try again"),
};

/** @param {Fetch} fetch @returns {boolean} whether it changes by itself */
export const isUnderWay = ({ state }) => state === "waiting" || state === "fetching" || state === "checking";

/** @param {Fetch} fetch @param {boolean} isOpen @returns {FetchLine} */
export function fetchLine(fetch, isOpen) {
  const { title, size, site, licence, allowed, kept } = fetch;
  const line = { title, facts: "", place: "", button: "", share: null, isProblem: false, remove: "" };
  if (isUnderWay(fetch)) return underWay(fetch, line);
  if (fetch.state === "here") {
    const about = { share: percent(fetch.accuracy), licence };
    const facts = isOpen
      ? gettext("open · {share} of ImageNet's pictures · {licence}", about)
      : gettext("found on this machine · {share} of ImageNet's pictures · {licence}", about);
    return {
      ...line,
      facts,
      button: isOpen ? "" : BUTTONS.open,
      remove: allowed ? gettext("Remove, {size}", { size }) : "",
    };
  }
  if (!allowed)
    return { ...line, facts: gettext("Ask whoever runs this app; the file goes into"), place: "checkpoints/" };
  if (fetch.state === "failed") return problemLine(fetch, line);
  const facts = gettext("{size} from {site} · {licence}", { size, site, licence });
  return {
    ...line,
    facts: kept ? `${facts} · ${gettext("{size} kept", { size: kept })}` : facts,
    button: kept ? BUTTONS.goOn : BUTTONS.get,
  };
}

/** Another person's fetch is seen, and not ended. @param {Fetch} fetch @param {FetchLine} line @returns {FetchLine} */
function underWay({ state, job, came, share, seconds_left: left, site }, line) {
  const button = job ? BUTTONS.cancel : "";
  if (state === "checking") return { ...line, title: gettext("Checking the file"), share: 1 };
  if (state === "waiting") return { ...line, title: gettext("Asking {site}", { site }), share: 0, button };
  return {
    ...line,
    title: left === null ? came : gettext("{came}, about {duration}", { came, duration: duration(Math.max(1, left)) }),
    share,
    button,
  };
}

/** @param {Fetch} fetch @param {FetchLine} line @returns {FetchLine} the remedy that is the button needs no sentence */
function problemLine({ problem, kept }, line) {
  const { what = "", remedy = "", place = "" } = problem ?? {};
  return {
    ...line,
    title: what,
    facts: remedy === BUTTONS.again ? "" : remedy,
    place,
    button: kept ? BUTTONS.goOn : BUTTONS.again,
    isProblem: true,
  };
}
