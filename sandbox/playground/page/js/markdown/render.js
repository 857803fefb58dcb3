// The tree of marks as elements of the page.

import { now, relative } from "../clock.js";
import { h, link } from "../dom.js";
import { jumpTo } from "../messages/jump.js";
import { anyChannel, nameOf, role, user } from "../people.js";
import { chooseCommand, openChannel, session } from "../session.js";
import { parse } from "./blocks.js";

/** @typedef {import("./inline.js").Node} Node */

/** @param {string} text what a bot or a person wrote @returns {HTMLElement} */
export function markdown(text) {
  return h("div", { class: "markdown" }, parse(text).map(render));
}

/** @param {Node} node @returns {any} */
function render(node) {
  const children = node.children?.map(render) ?? [];
  switch (node.type) {
    case "text":
      return document.createTextNode(node.text ?? "");
    case "paragraph":
      return h("p", {}, children);
    case "heading":
      return h(`h${node.level + 2}`, { class: `heading-${node.level}` }, children);
    case "subtext":
      return h("p", { class: "subtext" }, children);
    case "quote":
      return h("blockquote", {}, children);
    case "item":
      return h(
        "p",
        { class: "item", style: { "--depth": node.depth } },
        h("span", { class: "marker" }, node.marker),
        h("span", {}, children),
      );
    case "block":
      return h("pre", { tabindex: "0" }, h("code", { data: { language: node.language } }, node.text));
    case "code":
      return h("code", {}, node.text);
    case "strong":
      return h("strong", {}, children);
    case "em":
      return h("em", {}, children);
    case "underline":
      return h("u", {}, children);
    case "strike":
      return h("s", {}, children);
    case "spoiler":
      return spoiler(children);
    case "link":
      return link(node.url, {}, children);
    case "time":
      return Math.abs(node.at) <= SECONDS_MAX ? time(node.at, node.style) : document.createTextNode(node.text ?? "");
    case "user":
      return userMention(node.id);
    case "role":
      return h("span", { class: "mention" }, `@${role(node.id)?.name ?? "unknown-role"}`);
    case "everyone":
      return h("span", { class: "mention mention-me" }, node.text);
    case "channel":
      return channelMention(node.id);
    case "message":
      return messageMention(node);
    case "command":
      return commandMention(node.text ?? "");
    default:
      return document.createTextNode(node.text ?? "");
  }
}

/** @param {any} children */
function spoiler(children) {
  const cover = h(
    "button",
    { class: "spoiler", type: "button", "aria-label": "Spoiler: show" },
    h("span", {}, children),
  );
  cover.addEventListener("click", () => cover.replaceWith(h("span", { class: "spoiler-open" }, children)), {
    once: true,
  });
  return cover;
}

/** @param {string} id */
function userMention(id) {
  const who = user(id);
  const me = id === session.view.user.id ? "mention-me" : "";
  return h("span", { class: `mention ${me}` }, who ? `@${nameOf(who)}` : `<@${id}>`);
}

/** @param {string} id */
function channelMention(id) {
  const where = anyChannel(id);
  if (!where) return h("span", { class: "mention" }, "#unknown");
  return h("button", { class: "mention", type: "button", on: { click: () => void openChannel(id) } }, `#${where.name}`);
}

/** @param {string} text the command with its slash */
function commandMention(text) {
  const choose = () => chooseCommand(text.slice(1));
  return h("button", { class: "mention", type: "button", on: { click: choose } }, text);
}

/** A link to a message, as Discord shows it: the channel's name, and a click that leads there. @param {Node} node */
function messageMention(node) {
  const where = anyChannel(node.channel);
  if (!where) return h("span", { class: "mention" }, "#unknown › 💬");
  return h(
    "button",
    {
      class: "mention",
      type: "button",
      "aria-label": `#${where.name} › a message`,
      on: { click: () => void jumpTo(node.channel, node.id) },
    },
    `#${where.name} › 💬`,
  );
}

const STYLES = /** @type {Record<string, Intl.DateTimeFormatOptions>} */ ({
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
});

/** When something was said: the time of today, or the day. @param {number} at */
export function when(at) {
  const isToday = new Date(at * 1000).toDateString() === new Date(now() * 1000).toDateString();
  return time(at, isToday ? "t" : "f");
}

/** The last second, in either direction, that a date of JavaScript can have. */
const SECONDS_MAX = 8.64e12;

/** A moment as the person at the page reads it. @param {number} at seconds since the epoch @param {string} style */
export function time(at, style) {
  if (!(Math.abs(at) <= SECONDS_MAX)) return h("span", {}, "(no such time)");
  const locale = session.view.user.locale;
  const moment = new Date(at * 1000);
  const full = new Intl.DateTimeFormat(locale, STYLES.F).format(moment);
  const shown = style === "R" ? relative(at, locale) : new Intl.DateTimeFormat(locale, STYLES[style]).format(moment);
  return h(
    "time",
    {
      class: "stamp",
      datetime: moment.toISOString(),
      title: full,
      lang: locale,
      "data-relative": style === "R" ? at : null,
    },
    shown,
  );
}
