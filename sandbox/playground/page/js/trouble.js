// One line over the messages for what went wrong at the page itself.

import { byId, fill, h, icon } from "./dom.js";
import { listen } from "./changes.js";

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
  const line = byId("trouble");
  fill(
    line,
    h("span", {}, text),
    h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: clear } }, icon("close")),
  );
  line.hidden = false;
}

function clear() {
  byId("trouble").hidden = true;
}

export function startTrouble() {
  listen("lost", () => say("The connection to the sandbox is lost; trying again…"));
  listen("connected", clear);
}
