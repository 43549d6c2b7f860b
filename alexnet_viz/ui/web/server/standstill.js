/** Notices that the server stands still while something is asked of it, and that it goes on. */

const EVERY_MS = 3000;
/** A server that computes for long still answers small questions within a fraction of a second. */
const PATIENCE_MS = 10_000;

/**
 * @param {{pending: number, heard: number}} traffic what is on its way, and when the server was last heard
 * @param {{ping: () => Promise<unknown>, say: () => () => void, now: () => number}} means `ping` asks something small; `say` tells the person, and returns how to take that back
 * @returns {() => void} ends it
 */
export function watchStandstill(traffic, { ping, say, now }) {
  let isPinging = false;
  /** @type {(() => void) | null} */
  let takeBack = null;

  function look() {
    const isStill = traffic.pending > 0 && now() - traffic.heard > PATIENCE_MS;
    if (isStill) takeBack ??= say();
    else {
      takeBack?.();
      takeBack = null;
    }
    if (traffic.pending === 0 || isPinging) return;
    isPinging = true;
    const end = () => void (isPinging = false);
    ping().then(end, end);
  }
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    takeBack?.();
  };
}
