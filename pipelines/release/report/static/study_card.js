// The card of a study: its row as printed with the words that codes rest on, its codes and its reference.

"use strict";

const card = () => document.getElementById("card");

/** Show a card over the page. */
function openCard(title, ...content) {
  fill(
    card(),
    h(
      "div",
      { class: "card-head" },
      h("h2", { id: "card-title" }, title),
      h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => card().close() }, "×"),
    ),
    content,
  );
  if (!card().open) card().showModal();
  card().scrollTop = 0;
}

/** Show a study, and among its claims first those about an outcome. */
async function showStudy(study, outcomeId = null) {
  const text = await loadText(study.review_id);
  const facts = [
    study.design ?? "Design not stated",
    study.level && `OCEBM level ${study.level}`,
    study.year,
    study.sample_size && `n = ${count(study.sample_size)}`,
  ];
  const head = [h("p", { class: "faint" }, facts.filter(Boolean).join(" · "))];
  const where = `review_id = ${quoted(study.review_id)} AND table_no = ${study.table_no} AND row_no = ${study.row_no}`;
  if (text === null) {
    openCard(
      study.label,
      head,
      h(
        "p",
        {},
        report.release.is_verbatim
          ? "The text of this review did not fit into this page; the release has it:"
          : "This release leaves out the sources' own wording. The codes are in its tables:",
      ),
      sqlLine(`FROM claims WHERE ${where};\nFROM study_concepts WHERE ${where};`),
    );
    return;
  }
  const ofStudy = (row) => row.table_no === study.table_no && row.row_no === study.row_no;
  const claims = text.claims
    .filter((row) => ofStudy(row) && row.point_no === null)
    .sort((a, b) => Number(b.outcome_id === outcomeId) - Number(a.outcome_id === outcomeId));
  const reference = text.references.find((row) => row.ref_no === study.ref_no);
  openCard(
    study.label,
    head,
    h("h3", {}, "As printed"),
    printedRow(text, study, claims),
    claims.length > 0 && [
      h("h3", {}, "Claims"),
      h(
        "ul",
        { class: "codes" },
        claims.map((row) => claimLine(row)),
      ),
    ],
    h("h3", {}, "Codes"),
    h(
      "ul",
      { class: "codes" },
      text.codes
        .filter(ofStudy)
        .map((row) =>
          h(
            "li",
            {},
            h("b", {}, row.label ?? inWords(row.concept_id)),
            ` as ${inWords(row.role)} (${inWords(row.scheme)}) `,
            words(row.cue_text),
            ruleOf(row),
          ),
        ),
    ),
    reference && [h("h3", {}, "Reference"), referenceEntry(reference)],
    h(
      "p",
      {},
      h(
        "a",
        {
          href: linkTo("reader", study.review_id, `row-${study.table_no}-${study.row_no}`),
          onclick: () => card().close(),
        },
        "Show it in the text",
      ),
    ),
  );
}

const words = (cue) => cue && h("q", {}, cue);
const ruleOf = (row) => h("small", { class: "faint" }, ` rule ${row.rule_id}, confidence ${row.confidence}`);

function claimLine(row) {
  const comparator = row.comparator ? ` against ${row.comparator}` : "";
  return h(
    "li",
    {},
    h("b", {}, row.outcome ?? inWords(row.outcome_id)),
    `: ${inWords(row.direction)}${comparator} `,
    row.is_hedged && h("span", { class: "badge" }, "hedged"),
    " ",
    words(row.cue_text),
    ruleOf(row),
  );
}

/** The cells of a study under the headers of their columns. Claims may rest on rows below the first of a study. */
function printedRow(text, study, claims) {
  const table = text.blocks.find((block) => block.kind === "table" && block.table_no === study.table_no);
  if (!table) return null;
  const rows = new Set([study.row_no, ...claims.map((row) => row.printed_row_no)]);
  const line = table.is_transposed ? "column_no" : "row_no";
  const header = table.is_transposed ? "row_no" : "column_no";
  const titles = new Map();
  table.cells
    .filter((cell) => (table.is_transposed ? cell.column_no === 1 : cell.is_header) && cell.text)
    .forEach((cell) => {
      titles.set(cell[header], [titles.get(cell[header]), cell.text].filter(Boolean).join(" | "));
    });
  const cells = table.cells.filter((cell) => rows.has(cell[line]) && !cell.is_header && cell.text);
  return h(
    "dl",
    { class: "printed" },
    cells.map((cell) => [
      h("dt", {}, titles.get(cell[header]) ?? `Column ${cell[header]}`),
      h("dd", {}, markedText(text, cell.text, cell.marks)),
    ]),
  );
}

function referenceEntry(reference) {
  const known = [
    reference.designs,
    reference.level && `OCEBM level ${reference.level}`,
    `${plural(reference.n_mentions ?? 0, "mention")}`,
    reference.only_in_groups && "only cited in groups",
  ];
  return h(
    "div",
    { class: "reference" },
    h("p", {}, h("b", {}, reference.ref_no), " ", reference.text ?? "The entry has no text."),
    h(
      "p",
      { class: "faint" },
      known.filter(Boolean).join(" · "),
      reference.doi && [
        " · ",
        h("a", { href: `https://doi.org/${reference.doi}`, rel: "noreferrer" }, `doi:${reference.doi}`),
      ],
      reference.pmid && [
        " · ",
        h(
          "a",
          { href: `https://pubmed.ncbi.nlm.nih.gov/${reference.pmid}/`, rel: "noreferrer" },
          `PubMed ${reference.pmid}`,
        ),
      ],
    ),
  );
}
