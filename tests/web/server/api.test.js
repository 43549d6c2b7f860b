/** Addresses of what the server is asked for. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { address, pictureAddress, session } from "#web/server/api.js";

afterEach(() => Object.assign(session, { id: "", isInAddresses: false }));

test("an address does not say whose tab asks, where a cookie does", () => {
  session.id = "secret";
  assert.equal(address("trace", { photo: "a b" }).search, "?photo=a+b");
});

test("where the browser keeps no cookie, pictures and downloads say it", () => {
  Object.assign(session, { id: "secret", isInAddresses: true });
  assert.equal(address("layers.csv").searchParams.get("session"), "secret");
  assert.equal(new URL(pictureAddress("chelsea", 64)).searchParams.get("session"), "secret");
});
