// The overview: what is in the release, how it was made, what is odd in the sources.

"use strict";

function overviewView(scope, reviewId) {
  const n = countsOf(scope);
  const review = reviewId === null ? null : reviewOf(reviewId);
  return [
    review ? aboutReview(review) : h("p", { class: "lead" }, `${plural(n.reviews, "review")} and what they share.`),
    h(
      "ul",
      { class: "tiles" },
      tile(
        n.references,
        "references",
        `${share(n.references_with_year, n.references)} with a year, ${share(n.references_with_journal, n.references)} with a known journal`,
      ),
      tile(
        n.works,
        "works cited",
        reviewId === null
          ? `${plural(n.shared_works, "work")} in more than one review`
          : `${share(n.references_with_identifier, n.references)} of the references have a DOI or PubMed id`,
      ),
      tile(n.mentions, "citations", `${share(n.references_cited, n.references)} of the references are cited`),
      tile(
        n.studies,
        "studies in evidence tables",
        `${share(n.studies_with_intervention, n.studies)} with a coded intervention, ${share(n.studies_with_outcome, n.studies)} with a coded outcome`,
      ),
      tile(n.claims, "claims", `${share(n.claims_with_direction, n.claims)} with a direction`),
      tile(
        (n.issues_warning ?? 0) + (n.issues_error ?? 0),
        "warnings about the source",
        `${plural(n.issues_info ?? 0, "further note")}`,
      ),
    ),
    reviewId === null && leftOutOfPage(),
    h("h3", {}, "How it was made"),
    flowDiagram(n, reviewId),
    leftOut(scope),
    h("h3", {}, reviewId === null ? "What is odd in the sources" : "What is odd in the source"),
    issueList(scope, reviewId),
  ];
}

/** How many reviews the page shows one by one, if it does not show all. */
function leftOutOfPage() {
  const nHeld = (kind) => report.reviews.filter((review) => isInPage(kind, review.review_id)).length;
  const nTexts = report.release.is_verbatim ? nHeld("text") : report.reviews.length;
  if (Math.min(nHeld("scope"), nTexts) === report.reviews.length) return null;
  return h(
    "p",
    { class: "empty" },
    `All numbers on this page are those of all ${count(report.reviews.length)} reviews. To keep it small, it shows ${count(nHeld("scope"))} of them one by one and holds the text of ${count(nTexts)}, those with the most studies first; the tables of the release have all.`,
  );
}

function aboutReview(review) {
  return h(
    "div",
    { class: "lead" },
    h("p", {}, h("b", {}, review.title)),
    h(
      "p",
      {},
      [review.authors, review.journal, review.publication_year].filter(Boolean).join(" · "),
      review.doi &&
        h("span", {}, " · ", h("a", { href: `https://doi.org/${review.doi}`, rel: "noreferrer" }, `doi:${review.doi}`)),
    ),
    review.licence && h("p", { class: "faint" }, review.licence),
  );
}

const tile = (n, label, detail) => h("li", {}, h("b", {}, count(n)), h("span", {}, label), h("small", {}, detail));

/** From bytes to rows in three lanes; beside each step stands what did not come through. */
function flowDiagram(n, reviewId) {
  const from =
    reviewId === null
      ? step(n.reviews + (n.sources_left_out ?? 0), "sources", [[n.sources_left_out, "could not be read"]])
      : step(n.characters, "characters of the source");
  const otherTables = (n.tables ?? 0) - (n.evidence_tables ?? 0);
  return h(
    "div",
    { class: "flow" },
    h("div", { class: "flow-start" }, h("ol", {}, from)),
    lane("Text", [
      step(n.sentences, "sentences", []),
      step(n.cited_sentences, "sentences with a citation", [[n.sentences - n.cited_sentences, "without one"]]),
      step(n.markers, "citation markers", []),
      step(n.mentions, "citations, ranges expanded"),
    ]),
    lane("References", [
      step(n.references, "entries of reference lists", [
        [n.references - (n.references_cited ?? 0), "never cited"],
        [n.references - (n.references_with_year ?? 0), "without a year"],
        [n.references - (n.references_with_design ?? 0), "state no study design"],
      ]),
      step(n.works, "works", [[n.references - n.works, "entries name a work that another entry names"]]),
    ]),
    lane("Evidence", [
      step(n.tables, "printed tables", [[otherTables, "hold no studies"]]),
      step(n.studies, "studies", [
        [n.studies - (n.studies_with_reference ?? 0), "without a reference"],
        [n.studies - (n.studies_with_intervention ?? 0), "without a coded intervention"],
      ]),
      step(n.result_cells, "cells with results", [
        [(n.result_cells ?? 0) - (n.result_cells_with_claim ?? 0), "without a claim"],
      ]),
      step(n.claims, "claims", [
        [(n.claims ?? 0) - (n.claims_with_outcome ?? 0), "without a coded outcome"],
        [(n.claims ?? 0) - (n.claims_with_direction ?? 0), "without a direction"],
      ]),
    ]),
  );
}

const lane = (title, steps) => h("div", { class: "lane" }, h("h4", {}, title), h("ol", {}, steps));

function step(n, label, losses = []) {
  const lost = losses.filter(([number]) => number > 0);
  return h(
    "li",
    {},
    h("div", { class: "step" }, h("b", {}, count(n)), " ", label),
    lost.length > 0 &&
      h(
        "ul",
        { class: "lost" },
        lost.map(([number, why]) => h("li", {}, `${count(number)} ${why}`)),
      ),
  );
}

function leftOut(scope) {
  if (!scope.left_out.length) return null;
  return h(
    "details",
    {},
    h("summary", {}, `${plural(scope.left_out.length, "source")} left out`),
    dataTable(scope.left_out, { source_path: "Source", reason: "Reason" }, "Sources left out"),
  );
}

function issueList(scope, reviewId) {
  if (!scope.issues.length) return h("p", { class: "empty" }, "Nothing was found.");
  return h(
    "ul",
    { class: "issues" },
    scope.issues.map((issue) =>
      h(
        "li",
        {},
        h("span", { class: `badge ${issue.severity}` }, issue.severity),
        " ",
        h("b", {}, `${capitalise(inWords(issue.code))}: ${count(issue.n)}`),
        " ",
        h("span", { class: "faint" }, `for example, ${issue.example}`),
        reviewId !== null && [" ", h("a", { href: linkTo("reader", reviewId, `issues-${issue.code}`) }, "in the text")],
      ),
    ),
  );
}
