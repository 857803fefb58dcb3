// Components of a message, both of the old kind (rows under the text) and of Components V2.

import { h, webAddress } from "../dom.js";
import { markdown } from "../markdown/render.js";
import { fileCard, media } from "../messages/attachments.js";
import { button } from "./button.js";
import { select } from "./select.js";
import { SELECTS, T } from "./types.js";

/** @typedef {import("./use.js").Place} Place */

/** @param {Place} place @returns {HTMLElement[]} */
export function components(place) {
  return place.message.components.map((/** @type {any} */ one) => component(one, place));
}

/** @param {any} data @param {Place} place @returns {any} */
function component(data, place) {
  const inside = () => (data.components ?? []).map((/** @type {any} */ one) => component(one, place));
  if (SELECTS.has(data.type)) return select(data, place);
  switch (data.type) {
    case T.ROW:
      return h("div", { class: "row" }, inside());
    case T.BUTTON:
      return button(data, place);
    case T.TEXT:
      return markdown(data.content);
    case T.SEPARATOR:
      return h(data.divider === false ? "div" : "hr", { class: `separator ${data.spacing === 2 ? "large" : ""}` });
    case T.SECTION:
      return h(
        "div",
        { class: "section" },
        h("div", {}, inside()),
        h("div", { class: "accessory" }, component(data.accessory, place)),
      );
    case T.THUMBNAIL:
      return covered(
        data.spoiler,
        h("div", { class: "thumbnail" }, media({ ...data.media, description: data.description }, "image.png")),
      );
    case T.GALLERY:
      return h("div", { class: `gallery count-${Math.min(data.items.length, 5)}` }, data.items.map(galleryItem));
    case T.FILE:
      return covered(data.spoiler, fileCard({ url: data.file.url, filename: data.name ?? "file", size: data.size }));
    case T.CONTAINER:
      return container(data, inside());
    default:
      return h("p", { class: "hint" }, `(component of type ${data.type})`);
  }
}

/** @param {any} item */
function galleryItem(item) {
  const file = { ...item.media, description: item.description };
  return covered(
    item.spoiler,
    h(
      "div",
      { class: "gallery-item" },
      media(file, webAddress(file.url)?.pathname ?? "") ?? fileCard({ ...file, filename: "file" }),
    ),
  );
}

/** @param {any} data @param {any} inside */
function container(data, inside) {
  const colour =
    data.accent_color === undefined || data.accent_color === null
      ? null
      : `#${data.accent_color.toString(16).padStart(6, "0")}`;
  return covered(
    data.spoiler,
    h("div", { class: `container ${colour ? "accented" : ""}`, style: colour ? { "--edge": colour } : {} }, inside),
  );
}

/** @param {boolean | undefined} spoiler @param {HTMLElement} element */
function covered(spoiler, element) {
  if (!spoiler) return element;
  const cover = h("div", { class: "covered" }, element);
  const show = h("button", { class: "button secondary reveal", type: "button" }, "Spoiler");
  show.addEventListener("click", () => cover.replaceWith(element));
  cover.append(show);
  element.inert = true;
  show.addEventListener("click", () => {
    element.inert = false;
  });
  return cover;
}
