import { h, link, webAddress } from "../dom.js";
import { use } from "./use.js";

const STYLES = ["", "primary", "secondary", "success", "danger", "secondary link-out"];
const LINK = 5;

/** @param {any} data @param {import("./use.js").Place} place */
export function button(data, place) {
  const inside = [
    data.emoji?.name && h("span", { class: "emoji" }, data.emoji.id ? `:${data.emoji.name}:` : data.emoji.name),
    data.label && h("span", {}, data.label),
  ];
  const look = `button ${STYLES[data.style] ?? "secondary"}`;
  if (data.style === LINK) {
    if (data.disabled || !webAddress(data.url)) return h("span", { class: `${look} disabled` }, inside);
    return link(data.url, { class: look }, inside, h("span", { "aria-hidden": "true" }, "↗"));
  }
  const made = h(
    "button",
    { class: look, type: "button", disabled: Boolean(data.disabled), data: { key: data.custom_id } },
    inside,
  );
  made.addEventListener("click", () => void use(made, "press", data.custom_id, place));
  return made;
}
