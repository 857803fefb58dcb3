import { h } from "../dom.js";

/** A line of moving dots with a text. @param {string} text */
export function thinking(text) {
  return h(
    "p",
    { class: "thinking" },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    text,
  );
}
