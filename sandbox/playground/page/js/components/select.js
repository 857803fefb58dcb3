// A select of a message or of a dialog.

import { h, icon } from "../dom.js";
import { Listbox } from "../listbox.js";
import { choicesOf } from "./choices.js";
import { use } from "./use.js";

/** @typedef {import("../listbox.js").Choice} Choice */

/** @param {any} data @param {import("./use.js").Place} place */
export function select(data, place) {
  const made = selectControl(
    data,
    (values) => void use(made, "select", data.custom_id, place, values),
    "Make a selection",
  );
  return made;
}

/**
 * A button that opens the list. With one value the choice counts at once, with several when the list closes.
 * @param {any} data @param {(values: any[]) => void} chosen @param {string} placeholder @returns {any}
 */
export function selectControl(data, chosen, placeholder) {
  const low = data.min_values ?? 1;
  const high = data.max_values ?? 1;
  const multiple = high > 1;
  let choices = choicesOf(data);
  const values = () => choices.filter((one) => one.selected).map((one) => one.value);
  let sent = JSON.stringify(values());
  const text = h("span", { class: "select-text" });
  const control = h(
    "button",
    {
      class: "select",
      type: "button",
      role: "combobox",
      disabled: Boolean(data.disabled),
      data: { key: data.custom_id },
      "aria-label": data.placeholder ?? placeholder,
    },
    text,
    icon("down"),
  );
  const list = new Listbox(control, {
    label: data.placeholder ?? placeholder,
    multiple,
    wide: true,
    choose: (choice) => {
      if (multiple) {
        const count = values().length;
        if (!choice.selected && count >= high) return;
        choices = choices.map((one) => (one === choice ? { ...one, selected: !one.selected } : one));
        list.show(choices, { active: list.active });
      } else {
        // Choosing the chosen one again takes it away, where nothing may be chosen.
        const again = choice.selected && low === 0;
        choices = choices.map((one) => ({ ...one, selected: one === choice && !again }));
        if (values().length) sent = "";
        list.close();
      }
      show();
    },
    closed: () => {
      const now = values();
      if (JSON.stringify(now) === sent || now.length < low) return;
      sent = JSON.stringify(now);
      chosen(now);
    },
  });
  const show = () => {
    const labels = choices.filter((one) => one.selected).map((one) => one.label);
    text.textContent = labels.length ? labels.join(", ") : (data.placeholder ?? placeholder);
    text.classList.toggle("placeholder", !labels.length);
  };
  const open = () =>
    list.show(choices, {
      active: Math.max(
        0,
        choices.findIndex((one) => one.selected),
      ),
    });
  control.addEventListener("click", () => (list.isOpen ? list.close() : open()));
  control.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (list.isOpen && event.key === " ") {
      list.choose(list.active);
      event.preventDefault();
    } else if (list.key(event)) return;
    else if (!list.isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      open();
      event.preventDefault();
    } else if (event.key === "Tab") list.close();
    else typeAhead(event, choices, list);
  });
  show();
  control.values = values;
  return control;
}

/** A letter goes to the next choice that begins with it. @param {KeyboardEvent} event @param {Choice[]} choices @param {Listbox} list */
function typeAhead(event, choices, list) {
  if (!list.isOpen || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
  const order = [...choices.keys()].map((index) => (list.active + 1 + index) % choices.length);
  const next = order.find((index) => choices[index].label.toLowerCase().startsWith(event.key.toLowerCase()));
  if (next !== undefined) list.move(next);
}
