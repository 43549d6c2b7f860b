/** The network that can be fetched, come or gone, as the checkpoint menu meets it: it opens by itself only where it was asked for here. */
import { gettext } from "../lib/language.js";
import { networkFetch } from "./network_fetch.js";

/**
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame
 * @param {{draw: () => void, renew: () => Promise<void>, isShown: () => boolean, open: (name: string) => void, onGone: (name: string) => void}} menu
 *   renew: asks what checkpoints there are; isShown: whether the menu is open
 */
export function createNetworkArrival(frame, { draw, renew, isShown, open, onGone }) {
  let isMine = false; // the fetch was begun in this menu

  const unfollow = networkFetch.follow(async (before) => {
    const now = networkFetch.known;
    if (isShown()) draw();
    if (!before || !now || before.state === now.state) return;
    if (now.state === "absent" || now.state === "failed") isMine = false; // what one puts there by hand later does not open by itself
    if (before.state === "here") await gone(now.name);
    else if (now.state === "here") await arrived(now.name, now.title);
  });

  /** @param {string} name @param {string} title */
  async function arrived(name, title) {
    await renew();
    const isFirst = networkFetch.wasBegunHere();
    if (isMine && isShown()) open(name);
    else if (isFirst) frame.toast(gettext("{title}, is here: choose it under checkpoint.", { title }));
    isMine = false;
  }

  /** @param {string} name */
  async function gone(name) {
    await renew();
    onGone(name);
  }

  return { onBegin: () => void (isMine = true), destroy: unfollow };
}
