// The reader: the text of a review with citations, codes and findings marked. Every mark leads to what rests on it.

"use strict";

const MARK_NAMES = {
  citation: "citation",
  claim: "claim",
  intervention: "intervention",
  outcome: "outcome",
  design: "study design",
  issue: "finding",
};
const hiddenMarks = new Set();

async function readerView(_scope, reviewId) {
  if (reviewId === null) return [h("p", { class: "lead" }, "Choose a review to read its text."), reviewList()];
  const text = await loadText(reviewId);
  if (text === null) {
    return [
      h(
        "p",
        { class: "empty" },
        report.release.is_verbatim
          ? "The text of this review did not fit into this page. The release has it:"
          : "This release was made without the sources' own wording, so there is no text to read. Offsets and codes are in its tables:",
      ),
      sqlLine(`FROM sentences${whereReview(reviewId)} ORDER BY sentence_id;`),
    ];
  }
  const body = h(
    "div",
    { class: "text" },
    text.blocks.map((block, index) => [pageMark(block, text.blocks[index - 1]), textBlock(text, block)]),
    h("h3", { id: "references" }, "References"),
    h(
      "ol",
      { class: "references" },
      text.references.map((row) =>
        h(
          "li",
          { id: `ref-${row.ref_no}`, value: row.ref_no, title: placeOnPage(row) },
          markedText(text, row.text ?? "", row.marks),
          h(
            "small",
            { class: "faint" },
            ` ${plural(row.n_mentions ?? 0, "mention")}${row.designs ? ` · ${row.designs}` : ""}`,
          ),
        ),
      ),
    ),
  );
  hiddenMarks.forEach((kind) => body.classList.add(`hide-${kind}`));
  const toggles = h(
    "fieldset",
    { class: "highlighting" },
    h("legend", {}, "Highlighted"),
    Object.entries(MARK_NAMES).map(([kind, name]) =>
      h(
        "label",
        {},
        h("input", {
          type: "checkbox",
          checked: !hiddenMarks.has(kind),
          onchange: (event) => {
            event.target.checked ? hiddenMarks.delete(kind) : hiddenMarks.add(kind);
            body.classList.toggle(`hide-${kind}`, !event.target.checked);
          },
        }),
        h("mark", { class: `m-${kind}` }, name),
      ),
    ),
  );
  return [
    h(
      "p",
      { class: "lead" },
      "The text as it was read. Choose a mark to see what rests on it; title page, figures and notes are left out.",
    ),
    toggles,
    body,
  ];
}

/** Links to the reviews whose text the page holds, and the number of the others. */
function reviewList() {
  const held = report.reviews.filter((review) => isInPage("text", review.review_id));
  const nOthers = report.reviews.length - held.length;
  return [
    h(
      "ul",
      {},
      held.map((review) => h("li", {}, h("a", { href: linkTo("reader", review.review_id) }, review.title))),
    ),
    nOthers > 0 &&
      report.release.is_verbatim &&
      h(
        "p",
        { class: "empty" },
        `The texts of ${count(nOthers)} other reviews did not fit into this page. The release has them:`,
      ),
    nOthers > 0 && report.release.is_verbatim && sqlLine("FROM sentences WHERE review_id = '…' ORDER BY sentence_id;"),
    !report.release.is_verbatim &&
      h(
        "p",
        { class: "empty" },
        "This release was made without the sources' own wording, so there are no texts to read.",
      ),
  ];
}

/** The place on a page of a source that was a PDF, in words. */
const placeOnPage = (piece) =>
  piece.page ? `Page ${piece.page}, ${piece.x} pt from the left and ${piece.y} pt from the top` : null;

/** A line that says on which page of the PDF the next block begins, if it is another page than before. */
const pageMark = (block, previous) =>
  block.page && block.page !== previous?.page && h("p", { class: "page-mark" }, `Page ${block.page}`);

function textBlock(text, block) {
  if (block.kind === "heading") return h(`h${Math.min(6, block.level + 2)}`, {}, block.heading);
  if (block.kind === "paragraph") {
    return h(
      "p",
      { title: placeOnPage(block) },
      block.sentences.map((sentence, place) => [
        place > 0 && " ",
        h("span", { id: `sentence-${sentence.sentence_id}` }, markedText(text, sentence.text, sentence.marks)),
      ]),
    );
  }
  return h(
    "figure",
    { class: "printed-table", id: `table-${block.table_no}`, title: placeOnPage(block) },
    h("figcaption", {}, h("b", {}, block.label ?? `Table ${block.table_no}`), " ", block.caption ?? ""),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": block.label ?? `Table ${block.table_no}` },
      h("table", {}, h("tbody", {}, tableRows(text, block))),
    ),
  );
}

function tableRows(text, block) {
  const rows = new Map();
  block.cells.forEach((cell) => rows.set(cell.row_no, [...(rows.get(cell.row_no) ?? []), cell]));
  return [...rows].map(([rowNo, cells]) =>
    h(
      "tr",
      { id: `row-${block.table_no}-${rowNo}` },
      cells.map((cell) =>
        h(
          cell.is_header ? "th" : "td",
          {
            rowspan: cell.row_span > 1 ? cell.row_span : null,
            colspan: cell.column_span > 1 ? cell.column_span : null,
          },
          markedText(text, cell.text ?? "", cell.marks),
        ),
      ),
    ),
  );
}

/** Text with its marks. Marks may overlap, so the text is cut at all their ends; a run carries all marks over it. */
function markedText(text, content, marks) {
  if (!marks.length) return content;
  // Offsets count code points, which a string of JavaScript does not.
  const points = Array.from(content);
  const cuts = [...new Set([0, points.length, ...marks.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, place) => {
    const run = points.slice(start, cuts[place + 1]).join("");
    const over = marks.filter((mark) => mark[0] <= start && mark[1] >= cuts[place + 1]);
    if (!over.length) return run;
    const kinds = [...new Set(over.map((mark) => mark[2]))];
    return h(
      "mark",
      {
        class: kinds.map((kind) => `m-${kind}`).join(" "),
        role: "button",
        tabindex: "0",
        "aria-label": run.trim() ? null : `White space: ${kinds.map((kind) => MARK_NAMES[kind]).join(", ")}`,
        "data-targets": over.map((mark) => `${mark[2]}-${mark[3]}`).join(" "),
        onclick: () => showMarks(text, run, over),
        onkeydown: (event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            showMarks(text, run, over);
          }
        },
      },
      run,
    );
  });
}

/** A card with what rests on marked words. */
function showMarks(text, run, marks) {
  openCard(
    `“${run.trim()}”`,
    marks.map(([, , kind, target]) => {
      if (kind === "citation") {
        const cited = text.citations.find((row) => String(row.marker_id) === target);
        return [
          h("h3", {}, "Cites"),
          (cited?.ref_nos ?? [])
            .map((refNo) => text.references.find((row) => row.ref_no === refNo))
            .filter(Boolean)
            .map(referenceEntry),
        ];
      }
      if (kind === "claim") {
        const claim = text.claims.find((row) => String(row.claim_id) === target);
        const study =
          claim &&
          claim.point_no === null &&
          text.studies.find((row) => row.table_no === claim.table_no && row.row_no === claim.row_no);
        return (
          claim && [
            h("h3", {}, "Claim"),
            h("ul", { class: "codes" }, claimLine(claim)),
            study &&
              h(
                "p",
                {},
                h(
                  "button",
                  { type: "button", class: "plain", onclick: () => showStudy(study, claim.outcome_id) },
                  `Study: ${study.label}`,
                ),
              ),
          ]
        );
      }
      if (kind === "issue") {
        const issue = text.issues.find((row) => String(row.issue_id) === target);
        return (
          issue && [
            h("h3", {}, "Finding about the source"),
            h("p", {}, h("span", { class: `badge ${issue.severity}` }, issue.severity), ` ${issue.message}`),
          ]
        );
      }
      if (kind === "design") return [h("h3", {}, "Study design"), h("p", {}, capitalise(inWords(target)))];
      const codes = text.codes.filter((row) => row.concept_id === target);
      return [h("h3", {}, capitalise(kind)), h("p", {}, codes[0]?.label ?? capitalise(inWords(target)))];
    }),
  );
}

/** Bring a place of the reader into view: `row-1-12`, `ref-5`, `claim-3`, or `issues-CODE` for all findings of a kind. */
async function showPlace(target, reviewId) {
  const text = target.startsWith("issues-") ? await loadText(reviewId) : null;
  const issues = (text?.issues ?? []).filter((row) => `issues-${row.code}` === target);
  const places = text
    ? issues.map((issue) => markFor(`issue-${issue.issue_id}`) ?? document.getElementById(subjectId(issue)))
    : [document.getElementById(target) ?? markFor(target)];
  const found = places.filter(Boolean);
  found.forEach((place) => place.classList.add("found"));
  found[0]?.scrollIntoView({ block: "center" });
}

const markFor = (target) => document.querySelector(`mark[data-targets~="${CSS.escape(target)}"]`);

/** The element of the row that a finding is about, for a finding about characters that are not part of the text. */
function subjectId({ subject_table: table, subject_key: key }) {
  const [tableNo, rowNo] = String(key).split("/");
  const ids = { sentences: `sentence-${key}`, bib_references: `ref-${key}`, source_tables: `table-${key}` };
  return ids[table] ?? `row-${tableNo}-${rowNo}`;
}
