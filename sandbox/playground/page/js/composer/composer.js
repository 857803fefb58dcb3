// The line at the bottom: a message with files, or after "/" a command.

import { byId, fill, h, icon } from "../dom.js";
import { Refusal, post } from "../http.js";
import { run } from "../interactions.js";
import { Listbox } from "../listbox.js";
import { focusLastMessage, toEnd } from "../messages/column.js";
import { channel, mine, onCommandChosen, onSession, session } from "../session.js";
import { warn } from "../alert.js";
import { CommandForm } from "./command_form.js";
import { leaves, search } from "./commands.js";
import { Uploads } from "./uploads.js";

const root = byId("composer");
const uploads = new Uploads();
/** @type {CommandForm | null} */
let form = null;

const field = h("textarea", {
  class: "composer-field",
  rows: 1,
  maxlength: 2000,
  role: "combobox",
  "aria-autocomplete": "list",
  autocomplete: "off",
  "aria-label": "Message; type a slash for commands",
});
const attach = h(
  "button",
  { class: "icon-button", type: "button", "aria-label": "Attach files", on: { click: () => uploads.choose() } },
  icon("plus"),
);
const send = h(
  "button",
  { class: "icon-button", type: "button", "aria-label": "Send", on: { click: () => void sendMessage() } },
  icon("send"),
);
const line = h("div", { class: "composer-line" }, attach, field, send);
const picker = new Listbox(field, {
  label: "Commands",
  above: true,
  wide: true,
  anchor: line,
  choose: (choice) => begin(choice.value),
});

export function startComposer() {
  showLine();
  byId("skip").addEventListener("click", () => (form ? form.focusFirst() : field.focus()));
  field.addEventListener("input", onInput);
  field.addEventListener("keydown", onKey);
  field.addEventListener("focus", onInput);
  field.addEventListener("blur", () => picker.close());
  onSession(() => {
    const where = channel();
    field.placeholder = where ? `Message ${where.type === 1 ? "the bot" : `#${where.name}`}, or / for commands` : "";
    field.disabled = attach.disabled = send.disabled = !where;
    if (form && !session.commands.some((one) => one.id === form?.leaf.id)) cancel();
  });
  onCommandChosen(beginNamed);
  const main = byId("main");
  main.addEventListener("dragover", (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    main.classList.add("dropping");
  });
  main.addEventListener("dragleave", () => main.classList.remove("dropping"));
  main.addEventListener("drop", (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    main.classList.remove("dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (form) form.takeFiles(files);
    else uploads.add(files);
  });
}

function showLine() {
  fill(root, uploads.element, line);
}

function onInput() {
  const text = field.value;
  if (!text.startsWith("/") || text.includes("\n") || document.activeElement !== field) return picker.close();
  // A full name and a space is a choice, too.
  const exact = text.endsWith(" ") && leaves().find((leaf) => `/${leaf.label} ` === text);
  if (exact) return begin(exact);
  const found = search(text.slice(1));
  picker.show(
    found.map((leaf) => ({
      label: `/${leaf.label}`,
      hint: leaf.description,
      value: leaf,
      lead: optionNames(leaf),
    })),
    { note: leaves().length ? "No command fits" : "The bot has no commands here, or is not running yet" },
  );
}

/** @param {import("./commands.js").Leaf} leaf */
function optionNames(leaf) {
  const needed = leaf.options.filter((one) => one.required).map((one) => one.name);
  return h("span", { class: "needed" }, needed.join("  "));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Tab" && picker.isOpen && picker.active >= 0) {
    event.preventDefault();
    picker.choose(picker.active);
  } else if (picker.key(event)) return;
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    void sendMessage();
  } else if (event.key === "ArrowUp" && !field.value) {
    event.preventDefault();
    focusLastMessage();
  }
}

async function sendMessage() {
  const content = field.value.trim();
  const files = uploads.files;
  if (!content && !files.length) return;
  field.value = "";
  uploads.clear();
  try {
    await post(
      mine("/messages"),
      { channel: session.channelId, content },
      files.map((file) => ["files", file]),
    );
  } catch (error) {
    if (!field.value) field.value = content;
    warn(error);
  }
}

/** @param {import("./commands.js").Leaf} leaf */
function begin(leaf) {
  picker.close();
  field.value = "";
  open(new CommandForm(leaf, { send: (made) => void sendCommand(made), cancel }));
}

/** Begin the command of this name; one that cannot be chosen here is looked for instead. @param {string} name */
function beginNamed(name) {
  const leaf = leaves().find((one) => one.name === name);
  if (leaf) return begin(leaf);
  cancel();
  field.value = `/${name}`;
  onInput();
}

/** @param {CommandForm} made */
function open(made) {
  form = made;
  fill(root, made.element);
  made.takeFiles(uploads.files);
  uploads.clear();
  made.focusFirst();
  toEnd();
}

function cancel() {
  form = null;
  showLine();
  field.focus();
}

/** @param {CommandForm} made */
async function sendCommand(made) {
  const { options, files } = made.values();
  cancel();
  const body = { command: made.leaf.name, channel: session.channelId, options };
  try {
    await run(`/${made.leaf.label}`, mine("/slash"), body, files);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Nothing was sent: the person goes on where they were, unless they have begun something else.
    if (form || field.value) return warn(error);
    open(made);
    made.say(error.message, true);
  }
}
