// Discord's block marks: headings, quotes, lists, code blocks; the rest are paragraphs of inline marks.

import { parseInline } from "./inline.js";

/** @typedef {import("./inline.js").Node} Node */

const FENCE = /```(?:([\w+#-]{1,20})\n)?([\s\S]+?)```/g;

/** @param {string} text @returns {Node[]} */
export function parse(text) {
  /** @type {Node[]} */
  const found = [];
  let at = 0;
  for (const match of text.matchAll(FENCE)) {
    found.push(...parseLines(text.slice(at, match.index).replace(/\n$/, "")));
    found.push({ type: "block", language: match[1] ?? "", text: match[2].replace(/^\n|\n$/g, "") });
    at = match.index + match[0].length;
    if (text[at] === "\n") at += 1;
  }
  found.push(...parseLines(text.slice(at)));
  return found;
}

/** @type {[RegExp, (match: RegExpExecArray) => Node][]} */
const LINES = [
  [/^(#{1,3}) +(.+)$/, (m) => ({ type: "heading", level: m[1].length, children: parseInline(m[2]) })],
  [/^-# +(.+)$/, (m) => ({ type: "subtext", children: parseInline(m[1]) })],
  [/^( *)[-*] +(.+)$/, (m) => ({ type: "item", depth: depth(m[1]), marker: "•", children: parseInline(m[2]) })],
  [/^( *)(\d{1,9}\.) +(.+)$/, (m) => ({ type: "item", depth: depth(m[1]), marker: m[2], children: parseInline(m[3]) })],
];

/** @param {string} indent */
function depth(indent) {
  return Math.min(Math.floor(indent.length / 2), 5);
}

/** @param {string} text @returns {Node[]} */
function parseLines(text) {
  if (text === "") return [];
  /** @type {Node[]} */
  const found = [];
  /** @type {string[]} */
  let paragraph = [];
  /** @type {string[]} */
  let quote = [];
  const end = () => {
    if (paragraph.length) found.push({ type: "paragraph", children: parseInline(paragraph.join("\n")) });
    if (quote.length) found.push({ type: "quote", children: parse(quote.join("\n")) });
    paragraph = [];
    quote = [];
  };
  const lines = text.split("\n");
  for (const [number, line] of lines.entries()) {
    if (line.startsWith(">>> ")) {
      end();
      found.push({ type: "quote", children: parse([line.slice(4), ...lines.slice(number + 1)].join("\n")) });
      return found;
    }
    if (line.startsWith("> ")) {
      if (paragraph.length) end();
      quote.push(line.slice(2));
      continue;
    }
    if (quote.length) end();
    const node = block(line);
    if (node) {
      end();
      found.push(node);
    } else paragraph.push(line);
  }
  end();
  return found;
}

/** @param {string} line @returns {Node | null} */
function block(line) {
  for (const [pattern, make] of LINES) {
    const match = pattern.exec(line);
    if (match) return make(match);
  }
  return null;
}
