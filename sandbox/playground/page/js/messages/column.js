// The elements that the column of messages is made of, and moving the focus among them.

import { byId, h } from "../dom.js";

export const scroller = byId("history");
export const spacer = h("div", { "aria-hidden": "true" });
export const intro = h("div", { class: "intro" });
export const list = h("ol", { class: "messages" });
/** Notes about commands under way stand here, below all messages. */
export const pending = h("ul", { class: "pending", role: "status" });

/** Give a note its place among the messages: what comes later stands below it. @param {HTMLElement} note */
export function keepNote(note) {
  list.append(note);
}

/** @param {HTMLElement | null | undefined} row */
export function focusRow(row) {
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

export function focusLastMessage() {
  focusRow(/** @type {any} */ (list.lastElementChild));
}

/** @param {string} id @returns {boolean} whether the message is shown */
export function focusMessage(id) {
  const row = /** @type {HTMLElement[]} */ ([...list.children]).find((one) => one.dataset.id === id);
  focusRow(row);
  return row !== undefined;
}

export function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}
