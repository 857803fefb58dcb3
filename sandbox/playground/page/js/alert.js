// One line over the messages for what went wrong at the page itself.

import { listen } from "./changes.js";
import { byId, fill, h, icon } from "./dom.js";

const SHOWN_MS = 8000;
let timer = 0;

/** @param {unknown} error */
export function warn(error) {
  say(error instanceof Error ? error.message : String(error));
  timer = window.setTimeout(clear, SHOWN_MS);
}

/** @param {string} text */
function say(text) {
  clearTimeout(timer);
  const line = byId("alert");
  fill(
    line,
    h("span", {}, text),
    h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: clear } }, icon("close")),
  );
  line.hidden = false;
}

function clear() {
  byId("alert").hidden = true;
}

export function startAlert() {
  listen("lost", () => say("The connection to the sandbox is lost; trying again…"));
  listen("connected", clear);
}
