// The component's own code is loaded from a blob and cannot import relatively; the modules are served by a route.
const app = import(new URL("web/app.js", document.baseURI).href);

/** @param {{data: any, parentElement: HTMLElement | ShadowRoot}} context */
export default async function (context) {
  const { render, unmount } = await app;
  render(context);
  return () => unmount(context.parentElement);
}
