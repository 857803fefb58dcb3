// One message. A part is built again only when it has changed: a video goes on playing while the text is edited.

import { components } from "../components/render.js";
import { T } from "../components/types.js";
import { h, icon } from "../dom.js";
import { markdown, time, when } from "../markdown/render.js";
import { avatar, nameOf, roleDot, roleIds } from "../people.js";
import { session } from "../session.js";
import { attachments } from "./attachments.js";
import { focusMessage } from "./column.js";
import { embed } from "./embed.js";
import { forwarded, isForward } from "./forward.js";
import { dismiss } from "./history.js";
import { showMessageMenu, showUserMenu } from "./menu.js";
import { reactButton, reactions } from "./reactions.js";
import { thinking } from "./thinking.js";
import { commandUsed } from "./used.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

export class MessageView {
  /** @param {any} message @param {boolean} follows its head is left out then */
  constructor(message, follows) {
    /** @type {Map<string, string>} what each part was built from */
    this.built = new Map();
    this.parts = {
      reply: h("div", { class: "reply-slot" }),
      gutter: h("div", { class: "gutter" }),
      head: h("div", { class: "head" }),
      content: h("div", { class: "content" }),
      forward: h("div", { class: "forward-slot" }),
      attachments: h("div", { class: "attachments" }),
      embeds: h("div", { class: "embeds" }),
      components: h("div", { class: "components" }),
      failure: h("p", { class: "failure", role: "alert", hidden: true }),
      foot: h("div", { class: "foot" }),
    };
    const { reply, gutter, ...body } = this.parts;
    this.element = h(
      "li",
      {
        class: "message",
        tabindex: "-1",
        data: { id: message.id },
        on: { contextmenu: (/** @type {MouseEvent} */ event) => this.onMenu(event) },
      },
      reply,
      gutter,
      h("div", { class: "body" }, Object.values(body)),
      this.tools(),
    );
    this.update(message, follows, false);
  }

  /** @param {any} message @param {boolean} follows @param {boolean} fresh build everything anew */
  update(message, follows, fresh) {
    if (fresh) this.built.clear();
    this.message = message;
    const loading = Boolean(message.flags & LOADING);
    const ephemeral = Boolean(message.flags & EPHEMERAL);
    this.react.hidden = ephemeral || loading;
    this.element.classList.toggle("follows", follows);
    this.element.classList.toggle("ephemeral", ephemeral);
    this.element.classList.toggle("to-me", mentionsMe(message));
    this.element.setAttribute("aria-label", `${nameOf(message.author)}, ${clockTime(message)}`);
    this.build("reply", [message.referenced_message, message.interaction_metadata, message.message_reference], () =>
      replyLine(message),
    );
    this.build("gutter", [follows, message.author], () =>
      follows ? h("span", { class: "small-time" }, time(seconds(message), "t")) : avatar(message.author),
    );
    this.build("head", [follows, message.author, roleIds(message.author.id)], () => (follows ? null : head(message)));
    this.build("content", [message.content, loading, message.edited_timestamp], () => content(message, loading));
    this.build("forward", message.message_snapshots, () => forwarded(message));
    this.build("attachments", message.attachments, () => attachments(message.attachments));
    this.build("embeds", message.embeds, () => message.embeds.map(embed));
    this.build("components", message.components, () => components({ message, failure: this.parts.failure }));
    this.build("foot", [ephemeral, message.reactions, !message.content && message.edited_timestamp], () =>
      foot(message, ephemeral),
    );
  }

  /** @param {keyof MessageView["parts"]} name @param {any} from @param {() => any} make */
  build(name, from, make) {
    // Names, roles and the language come from the session; addresses of files are signed anew each time.
    const print = JSON.stringify([from, session.persona, session.view.user.locale], (key, value) =>
      typeof value === "string" && /^(proxy_)?url$/.test(key) ? value.split("?")[0] : value,
    );
    if (this.built.get(name) === print) return;
    this.built.set(name, print);
    const made = [attempt(make)].flat().filter(Boolean);
    this.parts[name].replaceChildren(...made);
    this.parts[name].hidden = !made.length;
  }

  tools() {
    const more = h(
      "button",
      { class: "icon-button", type: "button", "aria-label": "More", title: "More (Apps)" },
      icon("more"),
    );
    more.addEventListener("click", () => showMessageMenu(more, this.message));
    this.react = reactButton(() => this.message);
    return h("div", { class: "tools" }, this.react, more);
  }

  /** @param {MouseEvent} event */
  onMenu(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    // A link, a video and chosen text have menus of their own.
    if (target.closest("a, video, input, textarea") || String(getSelection())) return;
    event.preventDefault();
    const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : {};
    if (target.closest(".author, .avatar")) showUserMenu(target, this.message.author, at);
    else showMessageMenu(this.element, this.message, at);
  }
}

/** Build a part; where that fails say so, so that one broken message does not hide the others. @param {() => any} make */
function attempt(make) {
  try {
    return make();
  } catch (error) {
    return h("p", { class: "failure" }, `(this part cannot be shown: ${error instanceof Error ? error.message : error})`);
  }
}

/** @param {any} message */
function seconds(message) {
  return Date.parse(message.timestamp) / 1000;
}

/** @param {any} message */
function clockTime(message) {
  return new Intl.DateTimeFormat(session.view.user.locale, { timeStyle: "short" }).format(new Date(message.timestamp));
}

/** @param {any} message */
function mentionsMe(message) {
  const mine = new Set(roleIds(session.view.user.id));
  return (
    message.mention_everyone ||
    message.mentions.some((/** @type {any} */ one) => one.id === session.view.user.id) ||
    message.mention_roles.some((/** @type {string} */ id) => mine.has(id))
  );
}

/** @param {any} message */
function head(message) {
  return [
    h(
      "button",
      {
        class: "author",
        type: "button",
        on: { click: (/** @type {any} */ event) => showUserMenu(event.currentTarget, message.author) },
      },
      nameOf(message.author),
    ),
    roleDot(message.author.id),
    message.author.bot && h("span", { class: "badge" }, "APP"),
    h("span", { class: "when" }, when(seconds(message))),
  ];
}

/** @param {any} message @param {boolean} loading */
function content(message, loading) {
  if (loading) return thinking(`${nameOf(message.author)} is thinking…`);
  const text = message.content ? markdown(message.content) : null;
  return [text, text && edited(message)];
}

/** @param {any} message */
function edited(message) {
  return message.edited_timestamp && h("span", { class: "edited", title: message.edited_timestamp }, "(edited)");
}

/** What the message answers: another message, or a command. @param {any} message */
function replyLine(message) {
  if (isForward(message)) return null;
  const original = message.referenced_message;
  if (original) {
    const text = firstLine(original.content || firstText(original.components)) || "Click to see the message";
    return h(
      "button",
      { class: "reply", type: "button", on: { click: () => focusMessage(original.id) } },
      avatar(original.author, "tiny"),
      h("strong", {}, nameOf(original.author)),
      h("span", { class: "reply-text" }, text),
    );
  }
  if (message.message_reference)
    return h("p", { class: "reply" }, icon("reply"), h("em", {}, "The original message was deleted"));
  const used = message.interaction_metadata;
  if (!used || used.type !== 2) return null;
  const name = h("span", { class: "used" });
  void commandUsed(used).then((text) => name.append(text));
  return h("p", { class: "reply" }, avatar(used.user, "tiny"), h("strong", {}, nameOf(used.user)), "used", name);
}

/** Without its marks. @param {string} text */
function firstLine(text) {
  return (markdown(text.split("\n")[0]).textContent ?? "").slice(0, 120);
}

/** What a message of Components V2 says first. @param {any[]} components @returns {string} */
function firstText(components) {
  for (const one of components) {
    const text = one.type === T.TEXT ? one.content : firstText(one.components ?? []);
    if (text) return text;
  }
  return "";
}

/** @param {any} message @param {boolean} ephemeral */
function foot(message, ephemeral) {
  return [
    !message.content && edited(message),
    reactions(message),
    ephemeral &&
      h(
        "p",
        { class: "only-you" },
        icon("eye"),
        "Only you can see this ·",
        h(
          "button",
          { class: "link", type: "button", data: { key: "dismiss" }, on: { click: () => dismiss(message.id) } },
          "Dismiss message",
        ),
      ),
  ];
}
