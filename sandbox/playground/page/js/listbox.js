// A list of choices under (or over) a field that keeps the focus: the pattern that ARIA calls a combobox.

import { h } from "./dom.js";
import { place, showPopup } from "./popup.js";

/** @typedef {{label: string, value: any, hint?: string, group?: string, lead?: Node, selected?: boolean}} Choice */

let count = 0;

export class Listbox {
  /**
   * @param {HTMLElement} field
   * @param {{choose: (choice: Choice) => void, above?: boolean, multiple?: boolean, wide?: boolean, label: string,
   *   anchor?: HTMLElement, closed?: () => void}} options
   */
  constructor(field, options) {
    this.field = field;
    this.options = options;
    this.anchor = options.anchor ?? field;
    /** @type {Choice[]} */
    this.choices = [];
    this.active = -1;
    /** @type {HTMLElement | null} */
    this.box = null;
    this.id = `list-${++count}`;
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-expanded", "false");
  }

  get isOpen() {
    return this.box !== null;
  }

  /** @param {Choice[]} choices @param {{active?: number, note?: string}} [options] `note` stands where there is no choice */
  show(choices, { active = 0, note = "" } = {}) {
    this.choices = choices;
    this.active = choices.length ? Math.min(Math.max(active, 0), choices.length - 1) : -1;
    if (!this.box) {
      const box = h("div", {
        class: `listbox ${this.options.wide ? "wide" : ""}`,
        role: "listbox",
        id: this.id,
        "aria-label": this.options.label,
        "aria-multiselectable": this.options.multiple ? "true" : null,
        // The field keeps the focus while the list is clicked.
        on: { mousedown: (/** @type {Event} */ event) => event.preventDefault() },
      });
      this.close_ = showPopup(this.anchor, box, {
        above: this.options.above,
        keep: [this.field],
        closed: () => {
          this.box = null;
          this.field.setAttribute("aria-expanded", "false");
          this.field.removeAttribute("aria-activedescendant");
          this.options.closed?.();
        },
      });
      this.box = box;
      this.field.setAttribute("aria-expanded", "true");
      this.field.setAttribute("aria-controls", this.id);
    }
    const box = /** @type {HTMLElement} */ (this.box);
    box.replaceChildren(...this.rows(note));
    place(this.anchor, box, { above: this.options.above });
    this.mark();
  }

  /** @param {string} note */
  rows(note) {
    if (!this.choices.length) return [h("div", { class: "listbox-note" }, note || "Nothing fits")];
    let group = "";
    return this.choices.flatMap((choice, index) => {
      const row = h(
        "div",
        {
          class: "choice",
          role: "option",
          id: `${this.id}-${index}`,
          "aria-selected": choice.selected ? "true" : "false",
          on: { click: () => this.choose(index), mousemove: () => this.move(index) },
        },
        choice.lead,
        h(
          "span",
          { class: "choice-text" },
          h("span", { class: "choice-label" }, choice.label),
          choice.hint && h("span", { class: "hint" }, choice.hint),
        ),
        this.options.multiple && h("span", { class: "tick", "aria-hidden": "true" }, choice.selected ? "✓" : ""),
      );
      if (!choice.group || choice.group === group) return [row];
      group = choice.group;
      return [h("div", { class: "choice-group", role: "presentation" }, group), row];
    });
  }

  /** @param {number} index */
  move(index) {
    if (index === this.active) return;
    this.active = index;
    this.mark();
  }

  mark() {
    this.box?.querySelectorAll(".choice").forEach((row, index) => {
      row.classList.toggle("active", index === this.active);
      if (index === this.active) {
        this.field.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      }
    });
    if (this.active < 0) this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  choose(index) {
    const choice = this.choices[index];
    if (choice) this.options.choose(choice);
  }

  close() {
    this.close_?.();
  }

  /** Handle a key of the field. @param {KeyboardEvent} event @returns {boolean} whether it was meant for the list */
  key(event) {
    if (!this.isOpen) return false;
    const size = this.choices.length;
    if (event.key === "ArrowDown" && size) this.move((this.active + 1) % size);
    else if (event.key === "ArrowUp" && size) this.move((this.active - 1 + size) % size);
    else if (event.key === "Enter" && this.active >= 0 && !event.isComposing) this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
