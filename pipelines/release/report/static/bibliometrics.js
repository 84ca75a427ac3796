// When the references are from, how they are used, and what reviews share.

"use strict";

const shown = { trends: "by_year", group: "design" };
const MIN_REVIEWS_FOR_SPECTROSCOPY = 100;
const MAX_IN_MATRIX = 40;

function trendsView(scope, reviewId) {
  const suffix = shown.trends === "cumulated" ? "_cumulated" : "";
  const [currency] = scope.currency;
  const spectroscopy = reviewId === null && report.reviews.length >= MIN_REVIEWS_FOR_SPECTROSCOPY;
  return [
    h("p", { class: "lead" }, "When the evidence was published, and how old it was when it was reviewed."),
    switchOf("Groups", { design: "By study design", intervention: "By intervention" }, shown.group, (choice) => {
      shown.group = choice;
      showView();
    }),
    switchOf("Years", { by_year: "By year", cumulated: "Cumulated" }, shown.trends, (choice) => {
      shown.trends = choice;
      showView();
    }),
    figureOf(
      `references_by_${shown.group}${suffix}`,
      ...withoutOldest(scope[`references_by_${shown.group}`], "year", true),
    ),
    figureOf(`studies_by_${shown.group}${suffix}`, scope[`studies_by_${shown.group}`]),
    figureOf(
      "reference_ages",
      ...withoutOldest(
        scope.reference_ages,
        "age",
        false,
        currency && currency.n_dated > 0
          ? `Price's index: ${count(currency.n_within_5_years)} of ${count(currency.n_dated)} (${share(currency.n_within_5_years, currency.n_dated)}); median age ${cellText(currency.median_age)} years.`
          : "",
      ),
    ),
    spectroscopy && figureOf("reference_years", scope.reference_years),
  ];
}

/**
 * The rows without those at the far end of a range that hold less than 0.5 % of the references, and a note on them, as
 * arguments of figureOf. A few very old references would otherwise press all others together.
 */
function withoutOldest(rows, field, oldestFirst, note = "") {
  const fromOldest = [...rows].sort((a, b) => (oldestFirst ? a[field] - b[field] : b[field] - a[field]));
  const total = rows.reduce((sum, row) => sum + row.n, 0);
  let soFar = 0;
  const kept = fromOldest.filter((row) => {
    soFar += row.n;
    return soFar > 0.005 * total;
  });
  const nLeft = total - kept.reduce((sum, row) => sum + row.n, 0);
  const left = nLeft > 0 && `Without the ${plural(nLeft, "oldest reference")}.`;
  return [kept, { note: [note, left].filter(Boolean).join(" ") }];
}

function usageView(scope, reviewId) {
  const n = countsOf(scope);
  const cited = n.references_cited_in_text ?? 0;
  const onlyGroups = n.references_only_in_groups ?? 0;
  const parts = [
    [cited - onlyGroups, "cited on their own at least once"],
    [onlyGroups, "cited only in groups"],
    [n.references - cited, "not cited in the text"],
  ];
  return [
    h("p", { class: "lead" }, "How often references are cited, where, and together with which others."),
    h(
      "figure",
      {},
      h("h3", {}, "On their own or in groups"),
      h(
        "div",
        { class: "shares" },
        parts.map(
          ([number, label], place) =>
            number > 0 &&
            h(
              "div",
              { class: `part-${place}`, style: `flex-grow:${number}` },
              h("b", {}, count(number)),
              h("span", {}, label),
            ),
        ),
      ),
      h(
        "figcaption",
        {},
        `${count(n.references)} references. Of a reference that is only ever cited among others, no sentence says what it alone found.`,
      ),
    ),
    figureOf("citations_by_section", scope.citations_by_section, {
      note: reviewId === null ? "Of all reviews, the fifteen most cited headings of the first level." : null,
    }),
    figureOf(
      "most_cited",
      scope.most_cited.map(withUnique("label")),
      reviewId === null
        ? { title: "Works that most reviews cite", unit: "reviews" }
        : { title: "References with the most mentions", unit: "mentions" },
    ),
    figureOf("cocitations", scope.cocitations),
    figureOf("journals", scope.journals, {
      note: scope.bradford_zones
        .map(
          (row) => `Zone ${row.zone}: ${plural(row.n_journals, "journal")}, ${plural(row.n_references, "reference")}.`,
        )
        .join(" "),
    }),
  ];
}

/** Make a field unique, because a chart would join rows of the same name. */
function withUnique(field) {
  const seen = new Map();
  return (row) => {
    const n = (seen.get(row[field]) ?? 0) + 1;
    seen.set(row[field], n);
    return n === 1 ? row : { ...row, [field]: `${row[field]} (${n})` };
  };
}

function overlapView(scope) {
  const scopes = [...new Set(scope.overlap.map((row) => row.scope))].sort();
  if (!scopes.length) return [h("p", { class: "empty" }, "No two reviews of this release share a work.")];
  if (!scopes.includes(shown.overlap)) [shown.overlap] = scopes;
  const pairs = scope.overlap.filter((row) => row.scope === shown.overlap);
  const whole = scope.corpus_overlap.filter((row) => row.scope === shown.overlap);
  const matrix = overlapMatrix(pairs);
  return [
    h("p", { class: "lead" }, "Which reviews rest on the same works."),
    scopes.length > 1 &&
      switchOf(
        "Works",
        { all_references: "All references", studies: "Studies of evidence tables" },
        shown.overlap,
        (choice) => {
          shown.overlap = choice;
          showView();
        },
      ),
    figureOf("overlap", matrix.rows, {
      note: matrix.isCut
        ? `The ${MAX_IN_MATRIX} reviews with the largest overlap, of ${count(report.reviews.length)}; all pairs: FROM v_review_overlap.`
        : null,
    }),
    h("h3", {}, "All reviews together"),
    dataTable(
      whole.map((row) => ({
        ...row,
        cca: row.cca === null ? null : `${(100 * row.cca).toFixed(2)} %`,
        assumption: codeMeaning("corpus_overlap", "assumption", row.assumption),
      })),
      {
        assumption: "How works are counted",
        n_reviews: "Reviews",
        n_works: "Works",
        n_occurrences: "Occurrences",
        cca: "Corrected covered area",
      },
      "Overlap of all reviews",
    ),
    h("h3", {}, "Works that most reviews cite"),
    dataTable(
      scope.shared_works,
      {
        work: "Work",
        title: "Title",
        journal: "Journal",
        n_reviews: "Reviews",
        n_reviews_studies: "As a study",
        n_mentions: "Citations",
      },
      "Works that most reviews cite",
    ),
    h("h3", {}, "Where reviews disagree on a study"),
    scope.disagreements.length
      ? dataTable(
          scope.disagreements.map((row) => ({
            ...row,
            review: reviewOf(row.review_id).title,
            codes: row.codes.split("; ").map(inWords).join("; "),
            outcome_id: row.outcome_id && inWords(row.outcome_id),
          })),
          { work: "Work", aspect: "Aspect", outcome_id: "Outcome", review: "Review", codes: "Coded as" },
          "Disagreements",
        )
      : h("p", { class: "empty" }, "No study of two reviews is coded differently."),
  ];
}

/** Both directions of the pairs of the reviews that overlap most, so that the matrix is square. */
function overlapMatrix(pairs) {
  const total = new Map();
  const add = (review, cca) => total.set(review, (total.get(review) ?? 0) + cca);
  pairs.forEach((row) => {
    add(row.review_id, row.cca);
    add(row.other_review_id, row.cca);
  });
  const chosen = [...total.keys()]
    .sort((a, b) => total.get(b) - total.get(a) || a.localeCompare(b))
    .slice(0, MAX_IN_MATRIX);
  const inMatrix = new Set(chosen);
  const kept = pairs.filter((row) => inMatrix.has(row.review_id) && inMatrix.has(row.other_review_id));
  const rows = kept.flatMap((row) => [
    { ...row, from: row.review_id, to: row.other_review_id },
    { ...row, from: row.other_review_id, to: row.review_id },
  ]);
  const place = new Map(chosen.map((review, index) => [review, index]));
  const labels = new Map(
    chosen
      .map((review) => ({ review, label: reviewOf(review).label }))
      .map(withUnique("label"))
      .map(({ review, label }) => [review, label]),
  );
  rows.sort((a, b) => place.get(a.from) - place.get(b.from) || place.get(a.to) - place.get(b.to));
  return {
    rows: rows.map((row) => ({
      review: labels.get(row.from),
      other: labels.get(row.to),
      title: reviewOf(row.from).title,
      other_title: reviewOf(row.to).title,
      n_shared: row.n_shared,
      cca: row.cca,
      n: row.cca,
    })),
    isCut: total.size > chosen.length,
  };
}
