// Notes about commands that are not answered yet, or never were. Only this tab has them.

import { h, icon } from "../dom.js";
import { avatar, nameOf } from "../people.js";
import { onSession, session } from "../session.js";
import { keepNote, pending } from "./column.js";
import { thinking } from "./thinking.js";

let shownFor = "";

export function startPending() {
  onSession(() => {
    const key = `${session.persona}/${session.channelId}`;
    if (key !== shownFor) pending.replaceChildren();
    shownFor = key;
  });
}

export class PendingNote {
  /** @param {string} command as it was typed */
  constructor(command) {
    this.state = h("div", {}, thinking("Sending command…"));
    const bot = session.world.bot;
    this.element = h(
      "li",
      { class: "message note", tabindex: "-1" },
      h(
        "div",
        { class: "reply-slot" },
        h(
          "p",
          { class: "reply" },
          avatar(session.view.user, "tiny"),
          h("strong", {}, nameOf(session.view.user)),
          "used",
          h("span", { class: "used" }, command),
        ),
      ),
      h("div", { class: "gutter" }, avatar(bot)),
      h(
        "div",
        { class: "body" },
        h("div", { class: "head" }, h("span", { class: "author" }, nameOf(bot)), h("span", { class: "badge" }, "APP")),
        this.state,
      ),
    );
    pending.append(this.element);
  }

  done() {
    this.element.remove();
  }

  /** @param {string} reason */
  fail(reason) {
    this.element.classList.add("failed");
    keepNote(this.element);
    this.state.replaceChildren(
      h("p", { class: "failure" }, reason),
      h(
        "p",
        { class: "only-you" },
        icon("eye"),
        "Only you can see this ·",
        h("button", { class: "link", type: "button", on: { click: () => this.done() } }, "Dismiss message"),
      ),
    );
  }
}
