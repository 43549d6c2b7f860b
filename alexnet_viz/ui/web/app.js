/** The entry of every page: one root per mounted component, the page's own module inside the frame. */
import { getJson, session, traffic } from "./server/api.js";
import { createClassBar } from "./shell/class_bar.js";
import { createFreePlay } from "./shell/free_play.js";
import { guardDoubleClicks, guardDrops, guardPresses } from "./shell/guards.js";
import { createFrame } from "./shell/page_frame.js";
import { gettext } from "./lib/language.js";
import { watchStandstill } from "./server/standstill.js";
import { styles } from "./shell/styles.js";
import { applyTheme, currentTheme } from "./shell/theme.js";

/** @typedef {{update: () => void, destroy: () => void}} MountedPage */
/** @typedef {{data: any, parentElement: HTMLElement | ShadowRoot}} Context */

/** Each comes when it is opened: one page is a third of all modules. */
const PAGES = {
  Explore: () => import("./explore/page.js").then((module) => module.createExplore),
  Unit: () => import("./unit/page.js").then((module) => module.createUnit),
  Why: () => import("./why/page.js").then((module) => module.createWhy),
  Compare: () => import("./compare/page.js").then((module) => module.createCompare),
  Train: () => import("./train/page.js").then((module) => module.createTrain),
  Architecture: () => import("./architecture/page.js").then((module) => module.createArchitecture),
  Classroom: () => import("./classroom/page.js").then((module) => module.createClassroom),
};
/** @type {WeakMap<object, {page: string, show: () => void, destroy: () => void}>} */
const mounted = new WeakMap();

/**
 * Called at mount, on new data and on a theme change.
 * @param {Context} context
 */
export function render({ data, parentElement }) {
  session.id = data.session;
  const known = mounted.get(parentElement);
  if (known && known.page === data.page) return known.show();
  known?.destroy();
  mounted.set(parentElement, mount(data, parentElement));
}

/** @param {HTMLElement | ShadowRoot} parentElement */
export function unmount(parentElement) {
  mounted.get(parentElement)?.destroy();
  mounted.delete(parentElement);
}

/** @param {any} data @param {HTMLElement | ShadowRoot} parentElement */
function mount(data, parentElement) {
  const host = "host" in parentElement ? parentElement.host : parentElement;
  // The shell's scrolling area lies below the page and has nothing to scroll: no stop for the Tab key.
  host.closest("[data-testid=stMain]")?.setAttribute("tabindex", "-1");
  const style = document.createElement("style");
  style.textContent = styles;
  const root = document.createElement("div");
  root.className = "microscope";
  parentElement.replaceChildren(style, root);
  applyTheme(root, currentTheme(host));
  const frame = createFrame(root, data);
  const classBar = createClassBar(frame, data);
  const freePlay = createFreePlay(frame);
  guardDoubleClicks(root);
  const endGuards = [guardPresses(root), guardDrops(frame.toast)];
  const endWatch = watchStandstill(traffic, {
    ping: () => getJson("queue"),
    say: () =>
      frame.lasting(
        gettext("The server has not answered for ten seconds. What you asked for comes as soon as it does."),
      ).end,
    now: () => performance.now(),
  });
  /** @type {MountedPage | null} */
  let page = null;
  let gone = false;
  // The frame stands at once; the page follows when its modules are there and the server has told what there is.
  const opening = PAGES[/** @type {keyof typeof PAGES} */ (data.page)]().catch(() => {
    throw new Error(gettext("The page did not arrive. Reload it."));
  });
  Promise.all([opening, getJson("start")]).then(
    ([create, config]) => {
      session.isInAddresses = !config.cookie; // a frame of another site: pictures and downloads say there whose they are
      if (!gone) page = create(frame, config, () => currentTheme(host));
    },
    (error) => frame.main.replaceChildren(document.createTextNode(error.message)),
  );
  const systems = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  function show() {
    applyTheme(root, currentTheme(host));
    page?.update();
  }
  // The shell redraws after the system has switched; one frame later its colours are the new ones.
  const onScheme = () => requestAnimationFrame(() => requestAnimationFrame(show));
  for (const system of systems) system.addEventListener("change", onScheme);
  return {
    page: data.page,
    show,
    destroy() {
      for (const system of systems) system.removeEventListener("change", onScheme);
      gone = true;
      page?.destroy();
      classBar.destroy();
      freePlay.destroy();
      endWatch();
      for (const end of endGuards) end();
      frame.destroy();
      root.remove();
      style.remove();
    },
  };
}
