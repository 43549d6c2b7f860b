// The component's own code is loaded from a blob and cannot import relatively; the modules are served by a route.
/** @type {Promise<any> | null} one version of them for as long as the tab lives */
let app = null;

/** @param {{data: any, parentElement: HTMLElement | ShadowRoot}} context */
export default async function (context) {
  app ??= import(new URL(`web/${context.data.version}/app.js`, document.baseURI).href);
  const { render, unmount } = await app;
  render(context);
  return () => unmount(context.parentElement);
}
