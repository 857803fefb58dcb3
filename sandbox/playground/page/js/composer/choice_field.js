// A field whose values are picked from a list: fixed choices, people, roles, channels, or what the bot suggests.

import { channelChoices, roleChoices, userChoices } from "../components/choices.js";
import { h } from "../dom.js";
import { post } from "../http.js";
import { Listbox } from "../listbox.js";
import { mine, session } from "../session.js";
import { nameOf } from "./commands.js";
import { BOOLEAN, CHANNEL, MENTIONABLE, problemWith, ROLE, STRING, USER } from "./options.js";

/** @typedef {import("../listbox.js").Choice} Choice */

const SUGGEST_AFTER_MS = 120;

/**
 * @param {any} option @param {import("./types.js").Form} form
 * @param {() => import("./types.js").Chip} chip the chip that the field is in, once it is made
 * @returns {import("./types.js").Inner}
 */
export function choiceField(option, form, chip) {
  /** @type {Choice | null} */
  let chosen = null;
  let timer = 0;
  let asked = 0;
  // Whether the suggestions for the present text are still to come. There is nothing to choose then.
  let loading = false;
  const control = h("input", {
    class: "chip-field",
    role: "combobox",
    "aria-autocomplete": "list",
    autocomplete: "off",
  });
  const list = new Listbox(control, {
    label: nameOf(option),
    above: true,
    choose: (choice) => {
      // An answer that is still to come would open the list again.
      forget();
      chosen = choice;
      control.value = choice.label;
      fit();
      list.close();
      control.dispatchEvent(new Event("input", { bubbles: true }));
      form.focusNext(chip());
    },
  });
  /** Drop the question that waits, and the answer to the one that was asked. */
  const forget = () => {
    clearTimeout(timer);
    asked += 1;
    loading = false;
  };
  const fit = () => {
    control.style.width = `${Math.min(Math.max(control.value.length + 1, 8), 40)}ch`;
  };
  const offer = () => {
    if (option.autocomplete) return suggest();
    const typed = chosen ? "" : control.value.trim().toLowerCase();
    const fitting = offered(option).filter((one) => one.label.toLowerCase().includes(typed));
    list.show(fitting, {
      active: Math.max(
        0,
        fitting.findIndex((one) => one.value === chosen?.value),
      ),
      note: "None of the choices",
    });
  };

  /** Take away what the bot suggested for an older text. */
  const load = () => {
    forget();
    loading = true;
    list.show([], { note: "Loading options…" });
  };

  /** Ask the bot what it suggests for what was typed so far; only the newest answer counts. */
  const suggest = async () => {
    load();
    const number = asked;
    const { options, files } = form.values();
    const attached = Object.fromEntries(files.map(([name, file]) => [name, file.name]));
    const body = {
      command: form.leaf.name,
      channel: session.channelId,
      focused: option.name,
      options: { ...options, ...attached, [option.name]: control.value },
    };
    try {
      const choices = await post(mine("/autocomplete"), body);
      if (number !== asked || document.activeElement !== control) return;
      loading = false;
      list.show(
        choices.map((/** @type {any} */ one) => ({ label: nameOf(one), value: one.value })),
        { note: "No options match" },
      );
    } catch {
      if (number !== asked || document.activeElement !== control) return;
      loading = false;
      list.show([], { note: "Loading options failed" });
    }
  };

  control.addEventListener("focus", () => {
    if (!chosen) offer();
  });
  control.addEventListener("click", () => {
    if (!list.isOpen) offer();
  });
  control.addEventListener("blur", () => {
    forget();
    list.close();
  });
  control.addEventListener("input", () => {
    if (chosen && control.value === chosen.label) return;
    chosen = null;
    fit();
    if (!option.autocomplete) return offer();
    load();
    timer = window.setTimeout(suggest, SUGGEST_AFTER_MS);
  });
  control.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    // Enter is meant for a suggestion, and the suggestions are still to come.
    if (event.key === "Enter" && loading) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Tab" && list.isOpen && control.value && !chosen && list.active >= 0)
      list.choose(list.active);
    else if (list.key(event)) return;
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.isOpen) {
      event.preventDefault();
      offer();
    }
  });
  fit();
  const free = () => (option.autocomplete && control.value !== "" && !chosen ? control.value : undefined);
  return {
    control,
    isEmpty: () => control.value === "",
    value: () => {
      const text = free();
      if (text !== undefined) return option.type === STRING ? text : Number(text);
      return chosen ? chosen.value : undefined;
    },
    problem: () => {
      const text = free();
      if (text !== undefined) return problemWith(option, text);
      return chosen ? "" : "please pick one of the choices";
    },
  };
}

/** @param {any} option @returns {Choice[]} */
function offered(option) {
  if (option.choices?.length)
    return option.choices.map((/** @type {any} */ one) => ({ label: String(nameOf(one)), value: one.value }));
  switch (option.type) {
    case BOOLEAN:
      return [
        { label: "True", value: true },
        { label: "False", value: false },
      ];
    case USER:
      return userChoices();
    case ROLE:
      return roleChoices();
    case MENTIONABLE:
      return [...userChoices(), ...roleChoices()];
    case CHANNEL:
      return channelChoices(option.channel_types);
    default:
      return [];
  }
}
