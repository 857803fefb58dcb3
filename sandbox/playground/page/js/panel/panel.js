// The drawer at the right: levers, or the inspector.

import { byId, fill, h, icon } from "../dom.js";
import { inspector } from "./inspector.js";
import { levers } from "./levers.js";

const TABS = {
  levers: { title: "Levers", make: levers },
  inspector: { title: "Requests and events", make: inspector },
};

/** @typedef {import("./parts.js").View} View */

const panel = byId("panel");
const app = byId("app");
/** @type {Record<string, View>} */
const made = {};
/** @type {keyof typeof TABS | null} */
let shown = null;

export function startPanel() {
  panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
}

/** @param {keyof typeof TABS} name */
export function togglePanel(name) {
  if (shown === name) return close();
  shown = name;
  made[name] ??= TABS[name].make(() => shown === name);
  fill(
    panel,
    h(
      "header",
      { class: "bar" },
      h("h2", {}, TABS[name].title),
      h("span", { class: "grow" }),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", on: { click: close } }, icon("close")),
    ),
    made[name].element,
  );
  panel.hidden = false;
  app.classList.add("with-panel");
  made[name].update();
  panel.querySelector("button")?.focus();
}

function close() {
  shown = null;
  panel.hidden = true;
  app.classList.remove("with-panel");
}
