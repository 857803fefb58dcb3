// Building blocks of the panel's views.

import { h } from "../dom.js";
import { warn } from "../alert.js";

/** @typedef {{element: HTMLElement, update: () => void}} View what the panel shows */

/** @param {string} title @param {...any} children */
export function group(title, ...children) {
  return h("section", { class: "lever-group" }, h("h3", {}, title), children);
}

/** @param {string} label @param {() => Promise<any>} act @param {string} [look] */
export function action(label, act, look = "secondary") {
  const button = h("button", { class: `button ${look}`, type: "button" }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    await act().catch(warn);
    button.disabled = false;
    button.focus();
  });
  return button;
}

const REALLY_MS = 4000;

/** One that is asked twice, since it cannot be taken back. @param {string} label @param {() => Promise<any>} act */
export function graveAction(label, act) {
  let timer = 0;
  const calm = () => {
    timer = 0;
    button.textContent = label;
  };
  const button = h("button", { class: "button danger", type: "button" }, label);
  button.addEventListener("click", () => {
    if (timer) {
      clearTimeout(timer);
      calm();
      void act().catch(warn);
    } else {
      button.textContent = "Really? Press again";
      timer = window.setTimeout(calm, REALLY_MS);
    }
  });
  return button;
}

/** A switch. @param {string} label @param {(on: boolean) => Promise<any>} act */
export function toggle(label, act) {
  const input = h("input", { type: "checkbox", role: "switch" });
  input.addEventListener("change", () =>
    act(input.checked).catch((error) => {
      input.checked = !input.checked;
      warn(error);
    }),
  );
  const element = h("label", { class: "lever-switch" }, h("span", {}, label), input);
  return {
    element,
    show: (/** @type {boolean} */ on, usable = true) => {
      input.checked = on;
      input.disabled = !usable;
    },
  };
}

/** @param {string} label @param {[string, string][]} options value and words @param {(value: string) => Promise<any>} act */
export function chooser(label, options, act) {
  const select = h(
    "select",
    { class: "text-field" },
    options.map(([value, words]) => h("option", { value }, words)),
  );
  select.addEventListener("change", () => act(select.value).catch(warn));
  const element = h("label", { class: "lever-field" }, h("span", {}, label), select);
  return {
    element,
    show: (/** @type {string} */ value) => {
      select.value = value;
    },
  };
}

/** A number and a button that sets it. @param {string} label @param {(value: number) => Promise<any>} act */
export function number(label, act) {
  const input = h("input", { class: "text-field", type: "number", min: 0, step: 1 });
  const set = action("Set", () => act(Number(input.value)));
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter") set.click();
  });
  const element = h("div", { class: "lever-field" }, h("label", {}, h("span", {}, label), input), set);
  // What is being typed is not overwritten by news.
  return {
    element,
    show: (/** @type {number} */ value) => {
      if (document.activeElement !== input) input.value = String(value);
    },
  };
}

/**
 * How a pending fault was called when it was chosen; null for one that was added in another way.
 * @param {[string, string, object][]} faults key, words and fields of those that can be chosen @param {any} pending
 */
export function wordsOf(faults, pending) {
  const fits = (/** @type {object} */ fields) =>
    // Their number grows less with every use.
    Object.entries(fields).every(([name, value]) => name === "times" || pending[name] === value);
  return faults.find(([, , fields]) => fits(fields))?.[1] ?? null;
}

/** A list of what is switched on. */
export function notes() {
  const element = h("ul", { class: "lever-notes" });
  return {
    element,
    show: (/** @type {string[]} */ lines) => element.replaceChildren(...lines.map((line) => h("li", {}, line))),
  };
}
