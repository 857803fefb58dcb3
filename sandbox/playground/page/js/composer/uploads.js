// Files that go with the next message.

import { h, icon } from "../dom.js";
import { bytes } from "../messages/attachments.js";

const FILES_MAX = 10;

export class Uploads {
  constructor() {
    /** @type {File[]} */
    this.files = [];
    this.input = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true" });
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    this.rows = h("ul", { class: "uploads", "aria-label": "Files to send" });
    this.element = h("div", {}, this.rows, this.input);
  }

  choose() {
    this.input.click();
  }

  /** @param {File[]} files */
  add(files) {
    this.files = [...this.files, ...files].slice(0, FILES_MAX);
    this.show();
  }

  clear() {
    this.files = [];
    this.show();
  }

  show() {
    this.rows.replaceChildren(
      ...this.files.map((file) =>
        h(
          "li",
          { class: "upload" },
          icon("file"),
          h("span", {}, file.name),
          h("span", { class: "hint" }, bytes(file.size)),
          h(
            "button",
            {
              class: "icon-button",
              type: "button",
              "aria-label": `Remove ${file.name}`,
              on: {
                click: () => {
                  this.files = this.files.filter((one) => one !== file);
                  this.show();
                },
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
  }
}
