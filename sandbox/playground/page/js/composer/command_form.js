// A command being filled in: its options as chips. Required ones are there from the start, others are added.

import { h, icon } from "../dom.js";
import { Listbox } from "../listbox.js";
import { descriptionOf, nameOf } from "./commands.js";
import { makeChip } from "./chips.js";
import { ATTACHMENT, limitsOf } from "./options.js";

/** @typedef {import("./commands.js").Leaf} Leaf @typedef {import("./types.js").Chip} Chip */

export class CommandForm {
  /** @param {Leaf} leaf @param {{send: (form: CommandForm) => void, cancel: () => void}} on */
  constructor(leaf, on) {
    this.leaf = leaf;
    this.on = on;
    /** @type {Chip[]} */
    this.chips = [];
    this.hint = h("p", { class: "command-hint", "aria-live": "polite" });
    this.line = h("div", { class: "chips" });
    this.more = h("button", { class: "chip-more", type: "button" });
    this.moreList = new Listbox(this.more, {
      label: "More options",
      above: true,
      wide: true,
      choose: (choice) => {
        this.moreList.close();
        this.add(choice.value).focus();
      },
    });
    this.more.addEventListener("click", () => (this.moreList.isOpen ? this.moreList.close() : this.showMore()));
    this.more.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onMoreKey(event));
    this.more.addEventListener("focus", () =>
      this.say(`${leaf.description} · Enter sends, an arrow key shows more options`),
    );
    this.more.addEventListener("blur", () => this.moreList.close());
    this.element = h(
      "form",
      {
        class: "command",
        "aria-label": `Command ${leaf.label}`,
        novalidate: true,
        on: {
          submit: (/** @type {Event} */ event) => {
            event.preventDefault();
            this.submit();
          },
          keydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
        },
      },
      this.hint,
      h(
        "div",
        { class: "composer-line" },
        h("span", { class: "command-name" }, `/${leaf.label}`),
        this.line,
        h("button", { class: "icon-button", type: "submit", "aria-label": "Send the command" }, icon("send")),
        h(
          "button",
          { class: "icon-button", type: "button", "aria-label": "Cancel the command", on: { click: on.cancel } },
          icon("close"),
        ),
      ),
    );
    leaf.options.filter((one) => one.required).forEach((one) => this.add(one));
    this.say(leaf.description);
    this.showLeft();
  }

  /** @param {any} option @returns {Chip} */
  add(option) {
    const chip = makeChip(option, this);
    chip.element.addEventListener("focusin", () => this.say(hintOf(option)));
    this.chips.push(chip);
    this.showLeft();
    return chip;
  }

  /** @param {Chip} chip */
  drop(chip) {
    const at = this.chips.indexOf(chip);
    this.chips.splice(at, 1);
    this.showLeft();
    (this.chips[at - 1] ?? this.chips[0])?.focus();
    if (!this.chips.length) this.more.focus();
  }

  /** Options that are not filled in yet. */
  left() {
    const there = new Set(this.chips.map((chip) => chip.option.name));
    return this.leaf.options.filter((option) => !there.has(option.name));
  }

  showLeft() {
    const left = this.left().length;
    this.more.textContent = this.chips.length ? `+${left} more` : `+${left} option${left === 1 ? "" : "s"}`;
    this.more.hidden = !left;
    this.line.replaceChildren(...this.chips.map((chip) => chip.element), this.more);
  }

  showMore() {
    this.moreList.show(this.left().map((option) => ({ label: nameOf(option), hint: hintOf(option), value: option })));
  }

  /** Enter sends, as everywhere else in the form; an arrow or the space bar opens the list. @param {KeyboardEvent} event */
  onMoreKey(event) {
    if (this.moreList.key(event)) return;
    if (event.key === "Enter") this.submit();
    else if (["ArrowDown", "ArrowUp", " "].includes(event.key)) this.showMore();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What no field wanted. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") this.on.cancel();
    else if (
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.isComposing &&
      !(event.target instanceof HTMLButtonElement)
    )
      this.submit();
    else return;
    event.preventDefault();
  }

  submit() {
    const wrong = this.chips
      .map((chip) => ({ chip, problem: chip.problem() }))
      .filter(({ chip, problem }) => {
        chip.element.classList.toggle("wrong", Boolean(problem));
        return problem;
      });
    if (!wrong.length) return this.on.send(this);
    wrong[0].chip.focus();
    this.say(`${nameOf(wrong[0].chip.option)}: ${wrong[0].problem}`, true);
  }

  /** @returns {{options: Record<string, any>, files: [string, File][]}} */
  values() {
    /** @type {Record<string, any>} */
    const options = {};
    /** @type {[string, File][]} */
    const files = [];
    for (const chip of this.chips) {
      const value = chip.value();
      if (value instanceof File) files.push([chip.option.name, value]);
      else if (value !== undefined) options[chip.option.name] = value;
    }
    return { options, files };
  }

  /** Give files to the options that are for files and have none. @param {File[]} files */
  takeFiles(files) {
    for (const file of files) {
      const empty = this.chips.find((chip) => chip.takeFile && chip.value() === undefined);
      const option = this.left().find((one) => one.type === ATTACHMENT);
      const chip = empty ?? (option && this.add(option));
      chip?.takeFile?.(file);
    }
  }

  focusFirst() {
    if (this.chips.length) this.chips[0].focus();
    else if (!this.more.hidden) this.more.focus();
    else this.element.querySelector("button[type=submit]")?.focus();
  }

  /** The next chip without a value, or the same again. @param {Chip} after */
  focusNext(after) {
    const following = this.chips.slice(this.chips.indexOf(after) + 1);
    (following.find((chip) => chip.value() === undefined) ?? after).focus();
  }

  /** @param {string} text @param {boolean} [wrong] */
  say(text, wrong = false) {
    this.hint.textContent = text;
    this.hint.classList.toggle("failure", wrong);
  }
}

/** @param {any} option */
function hintOf(option) {
  return [descriptionOf(option), limitsOf(option)].filter(Boolean).join(" · ");
}
