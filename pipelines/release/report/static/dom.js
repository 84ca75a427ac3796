// Builds elements. All words are set as text, never as HTML, so that words of a source cannot act as markup.

"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** Create an element with attributes, event handlers (onclick …) and children: elements, text, or lists of both. */
function h(tag, attributes = {}, ...children) {
  const element = ["svg", "polygon", "circle"].includes(tag)
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...shownOnly(children));
  return element;
}

/** The children that are there: `condition && element` leaves out the element where the condition does not hold. */
const shownOnly = (children) =>
  children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

/** Replace the children of an element. */
const fill = (element, ...children) => element.replaceChildren(...shownOnly(children));

const inWords = (code) => String(code).replaceAll("_", " ");
const capitalise = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const count = (n) => Number(n ?? 0).toLocaleString("en-GB");
const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
const share = (part, whole) => (whole ? `${Math.round((100 * part) / whole)} %` : "–");

/** A value of a cell as text: numbers with at most three decimals, NULL as nothing. */
function cellText(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Math.round(value * 1000) / 1000);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** Whether a number needs separators; a year does not. */
const isLarge = (value) => Number.isInteger(value) && value >= 10_000;

/** A table of rows; `columns` maps fields to headings. */
function dataTable(rows, columns, caption) {
  const fields = Object.keys(columns);
  const isNumber = (field) =>
    rows.length > 0 && rows.every((row) => row[field] === null || typeof row[field] === "number");
  const numeric = new Set(fields.filter(isNumber));
  const align = (field) => (numeric.has(field) ? "number" : null);
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      { class: "data" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          fields.map((field) => h("th", { scope: "col", class: align(field) }, columns[field])),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            fields.map((field) =>
              h("td", { class: align(field) }, isLarge(row[field]) ? count(row[field]) : cellText(row[field])),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A line of SQL that gives the rows that the page leaves out or sums up. */
const sqlLine = (sql) => h("pre", { class: "sql" }, h("code", {}, sql));

/** Buttons of which one is chosen. `options` maps values to labels. */
function switchOf(label, options, chosen, onChoose) {
  return h(
    "div",
    { class: "switch", role: "group", "aria-label": label },
    Object.entries(options).map(([value, text]) =>
      h("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => onChoose(value) }, text),
    ),
  );
}

/** Offer a text as a file. */
function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
