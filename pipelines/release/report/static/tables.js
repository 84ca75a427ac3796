// The published tables: search, sort, download, and the lines of code that give the same rows.

"use strict";

const PAGE_ROWS = 200;
let chosenTable = null;

async function tablesView(_scope, reviewId) {
  const chosen =
    report.tables.find((table) => table.name === chosenTable) ??
    report.tables.find((table) => table.name === "studies");
  const layers = [...new Set(report.tables.map((table) => table.layer))];
  const select = h(
    "select",
    {
      id: "table-choice",
      onchange: (event) => {
        chosenTable = event.target.value;
        showView();
      },
    },
    layers.map((layer) =>
      h(
        "optgroup",
        { label: layer },
        report.tables
          .filter((table) => table.layer === layer)
          .map((table) =>
            h(
              "option",
              { value: table.name, selected: table.name === chosen.name },
              `${table.name} (${count(table.n_rows)})`,
            ),
          ),
      ),
    ),
  );
  const rows = await loadChunk(`table-${chosen.name}`);
  return [
    h("p", { class: "lead" }, "Every table of the release. The codebook describes their columns."),
    h("p", {}, h("label", {}, "Table ", select)),
    h("p", {}, chosen.description),
    rows === null
      ? h(
          "p",
          { class: "empty" },
          `${plural(chosen.n_rows, "row")} did not fit into this page; they are in `,
          h("a", { href: `csv/${chosen.name}.csv` }, `csv/${chosen.name}.csv`),
          " beside it.",
        )
      : tableBrowser(chosen, rows, reviewId),
    h("h3", {}, "The same rows in"),
    codeLines(chosen, reviewId),
  ];
}

function tableBrowser(table, { columns, rows }, reviewId) {
  const ofReview = columns.indexOf("review_id");
  const inScope = reviewId === null || ofReview < 0 ? rows : rows.filter((row) => row[ofReview] === reviewId);
  const state = { search: "", sort: null, isDescending: false, n: PAGE_ROWS };
  const holder = h("div");
  const selected = () => {
    const needle = state.search.toLowerCase();
    const found = needle
      ? inScope.filter((row) => row.some((value) => cellText(value).toLowerCase().includes(needle)))
      : [...inScope];
    return state.sort === null
      ? found
      : found.sort((a, b) => compareValues(a[state.sort], b[state.sort]) * (state.isDescending ? -1 : 1));
  };
  const draw = () => {
    const found = selected();
    const isNumber = columns.map((_, place) => inScope.some((row) => typeof row[place] === "number"));
    fill(
      holder,
      h(
        "p",
        { role: "status" },
        `${plural(found.length, "row")}${found.length > state.n ? `, the first ${count(state.n)} shown` : ""}`,
      ),
      h(
        "div",
        { class: "scroll tall", tabindex: "0", role: "region", "aria-label": table.name },
        h(
          "table",
          { class: "data" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              columns.map((column, place) =>
                h(
                  "th",
                  {
                    scope: "col",
                    "aria-sort": state.sort === place ? (state.isDescending ? "descending" : "ascending") : null,
                  },
                  h(
                    "button",
                    {
                      type: "button",
                      class: "sort",
                      onclick: () => {
                        state.isDescending = state.sort === place && !state.isDescending;
                        state.sort = place;
                        draw();
                      },
                    },
                    column,
                  ),
                ),
              ),
            ),
          ),
          h(
            "tbody",
            {},
            found.slice(0, state.n).map((row) =>
              h(
                "tr",
                {},
                row.map((value, place) =>
                  h("td", { class: isNumber[place] ? "number" : null }, longText(cellText(value))),
                ),
              ),
            ),
          ),
        ),
      ),
      found.length > state.n &&
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              state.n += PAGE_ROWS;
              draw();
            },
          },
          `Show ${PAGE_ROWS} more`,
        ),
    );
  };
  draw();
  return h(
    "div",
    {},
    h(
      "p",
      { class: "controls" },
      h(
        "label",
        {},
        "Search ",
        h("input", {
          type: "search",
          id: "table-search",
          oninput: (event) => {
            state.search = event.target.value;
            state.n = PAGE_ROWS;
            draw();
          },
        }),
      ),
      h(
        "button",
        { type: "button", onclick: () => download(`${table.name}.csv`, toCsv(columns, selected()), "text/csv") },
        "Download as CSV",
      ),
    ),
    holder,
  );
}

const MAX_CELL = 300;
const longText = (text) =>
  text.length <= MAX_CELL ? text : h("details", {}, h("summary", {}, `${text.slice(0, MAX_CELL)}…`), text);

/** NULL last; numbers by size, everything else as text. */
function compareValues(a, b) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

/** Rows as CSV (RFC 4180); NULL is an empty field, as in the release. */
function toCsv(columns, rows) {
  const field = (value) => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(field).join(",")).join("\n") + "\n";
}

function codeLines(table, reviewId) {
  const sql = `FROM ${table.name}${table.key.includes("review_id") ? whereReview(reviewId) : ""}${table.key.length ? ` ORDER BY ${table.key.join(", ")}` : ""};`;
  return h(
    "dl",
    { class: "code-lines" },
    h("dt", {}, "SQL, in reviewmart.duckdb"),
    h("dd", {}, sqlLine(sql)),
    h("dt", {}, "Python"),
    h("dd", {}, sqlLine(`import polars as pl\npl.read_parquet("parquet/${table.name}.parquet")`)),
    h("dt", {}, "R"),
    h("dd", {}, sqlLine(`arrow::read_parquet("parquet/${table.name}.parquet")`)),
  );
}
