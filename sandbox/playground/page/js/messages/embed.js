// Discord's embeds: a card with a coloured edge.

import { h, link } from "../dom.js";
import { markdown, time } from "../markdown/render.js";
import { media } from "./attachments.js";

/** @param {any} embed */
export function embed(embed) {
  const colour =
    embed.color === undefined || embed.color === null ? null : `#${embed.color.toString(16).padStart(6, "0")}`;
  const title = embed.title && markdown(embed.title);
  return h(
    "article",
    { class: "embed", style: colour ? { "--edge": colour } : {} },
    h(
      "div",
      { class: "embed-main" },
      embed.author && h("p", { class: "embed-author" }, embed.author.name),
      title && h("div", { class: "embed-title" }, link(embed.url, {}, title)),
      embed.description && markdown(embed.description),
      embed.fields?.length &&
        h(
          "div",
          { class: "embed-fields" },
          embed.fields.map((/** @type {any} */ field) =>
            h(
              "div",
              { class: field.inline ? "field inline" : "field" },
              h("div", { class: "field-name" }, markdown(field.name)),
              markdown(field.value),
            ),
          ),
        ),
      embed.image && media(embed.image, "image.png"),
      (embed.footer || embed.timestamp) &&
        h(
          "p",
          { class: "embed-foot" },
          embed.footer?.text,
          embed.footer && embed.timestamp && " · ",
          embed.timestamp && time(Date.parse(embed.timestamp) / 1000, "f"),
        ),
    ),
    embed.thumbnail && h("div", { class: "embed-thumb" }, media(embed.thumbnail, "image.png")),
  );
}
