// Discord's inline marks as a tree of plain objects. Nothing here touches the page.

/** @typedef {{type: string, text?: string, children?: Node[], [key: string]: any}} Node */

/** @type {[RegExp, (match: RegExpExecArray) => Node][]} each matches at the current place only */
const RULES = [
  [/\\([^A-Za-z0-9\s])/y, (m) => ({ type: "text", text: m[1] })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (m) => ({ type: "code", text: m[2].replace(/^ (?=`)|(?<=`) $/g, "") })],
  [/<@!?(\d+)>/y, (m) => ({ type: "user", id: m[1] })],
  [/<@&(\d+)>/y, (m) => ({ type: "role", id: m[1] })],
  [/<#(\d+)>/y, (m) => ({ type: "channel", id: m[1] })],
  [/@(everyone|here)\b/y, (m) => ({ type: "everyone", text: m[0] })],
  [/<\/([^:>]+):(\d+)>/y, (m) => ({ type: "command", text: `/${m[1]}` })],
  [/<a?:(\w+):\d+>/y, (m) => ({ type: "emoji", text: `:${m[1]}:` })],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (m) => ({ type: "time", at: Number(m[1]), style: m[2] ?? "f", text: m[0] })],
  [
    /\[([^\]\n]+)\]\(\s*<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/y,
    (m) => ({ type: "link", url: m[2], children: parseInline(m[1]) }),
  ],
  [
    /<?https:\/\/discord\.com\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)>?/y,
    (m) => ({ type: "message", channel: m[1], id: m[2] }),
  ],
  [/<(https?:\/\/[^\s>]+)>/y, (m) => ({ type: "link", url: m[1], children: [{ type: "text", text: m[1] }] })],
  [
    /https?:\/\/[^\s<]*[^\s<.,:;"'\])!?]/y,
    (m) => ({ type: "link", url: m[0], children: [{ type: "text", text: m[0] }] }),
  ],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, (m) => ({ type: "strong", children: parseInline(m[1]) })],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, (m) => ({ type: "underline", children: parseInline(m[1]) })],
  [/\*(?=\S)((?:\\[\s\S]|\*\*|[^\\*])+?)\*(?!\*)/y, (m) => ({ type: "em", children: parseInline(m[1]) })],
  // Not inside of words, so that snake_case_names stay as they are.
  [/(?<!\w)_((?:\\[\s\S]|__|[^\\_])+?)_(?!\w)/y, (m) => ({ type: "em", children: parseInline(m[1]) })],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/y, (m) => ({ type: "strike", children: parseInline(m[1]) })],
  [/\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y, (m) => ({ type: "spoiler", children: parseInline(m[1]) })],
];

const PLAIN = /[^\\`<@[h*_~|]+|[\s\S]/y;

/** @param {string} text @returns {Node[]} */
export function parseInline(text) {
  /** @type {Node[]} */
  const found = [];
  for (let at = 0; at < text.length;) {
    const [node, next] = step(text, at);
    const last = found.at(-1);
    if (node.type === "text" && last?.type === "text") last.text += node.text ?? "";
    else found.push(node);
    at = next;
  }
  return found;
}

/** @param {string} text @param {number} at @returns {[Node, number]} */
function step(text, at) {
  for (const [pattern, make] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    // `make` may parse further with the same patterns, so the end is noted first.
    if (match) return [make(match), at + match[0].length];
  }
  PLAIN.lastIndex = at;
  const plain = PLAIN.exec(text)?.[0] ?? text.slice(at);
  return [{ type: "text", text: plain }, at + plain.length];
}
