/** What the front end's modules ask of a browser while they are loaded: an address, and fetch for the files beside them. */
import { readFile } from "node:fs/promises";

globalThis.document = { baseURI: "http://127.0.0.1:8501/" };
globalThis.fetch = async (address) => {
  const url = new URL(String(address), document.baseURI);
  if (url.protocol !== "file:") throw new TypeError(`these tests ask no server, and this one asked for ${url}`);
  return new Response(await readFile(url));
};
