/** A page in an iframe of another site, whose storage is blocked: its language can be chosen all the same. */
import assert from "node:assert/strict";
import { test } from "node:test";

const refuse = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};
let reloads = 0;
Object.defineProperty(globalThis, "localStorage", { configurable: true, get: refuse });
Object.assign(globalThis, { window: { name: "" }, location: { reload: () => (reloads += 1) } });
const fetchFile = globalThis.fetch;
globalThis.fetch = async (address) =>
  String(address).endsWith("/de.json")
    ? new Response(JSON.stringify({ decimal: ",", messages: {} }))
    : fetchFile(address);

test("the choice outlives the reload in the window's own name", async () => {
  const before = await import("#web/lib/language.js");
  assert.equal(before.language, "en");
  before.chooseLanguage("de");
  assert.equal(reloads, 1);
  const { language } = await import("#web/lib/language.js?read-anew");
  assert.equal(language, "de");
});
