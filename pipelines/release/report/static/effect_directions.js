// The effect direction plot: what each study is said to have found. Like the gap map, it is a table.

"use strict";

const DIRECTIONS = {
  improved: { symbol: "up", label: "improved" },
  worsened: { symbol: "down", label: "worsened" },
  no_difference: { symbol: "sideways", label: "no difference" },
  mixed: { symbol: "sideways", label: "mixed" },
  safe_tolerable: { symbol: "round", label: "safe or tolerable" },
  not_directional: { symbol: "dot", label: "no direction stated" },
};
const SHAPES = {
  up: "0,-9 9,8 -9,8",
  down: "0,9 9,-8 -9,-8",
  sideways: "-10,0 -2,-7 -2,7",
};
// The fewest participants of a size, its scale and its label.
const SIZES = [
  [301, 1.25, "more than 300"],
  [50, 1, "50 to 300"],
  [0, 0.72, "fewer than 50"],
];
let directionScheme = null;

function directionsView(scope, reviewId) {
  if (reviewId === null) return [chooseReview(scope)];
  const schemes = [...new Set(scope.directions.map((row) => row.scheme))].sort();
  if (!schemes.length) return [h("p", { class: "empty" }, "No claim with a coded outcome was found in this review.")];
  if (!schemes.includes(directionScheme)) [directionScheme] = schemes;
  const rows = scope.directions.filter((row) => row.scheme === directionScheme);
  return [
    h(
      "p",
      { class: "lead" },
      "What each study is said to have found, outcome by outcome. Choose an arrow to read the words.",
    ),
    schemes.length > 1 &&
      switchOf(
        "Vocabulary",
        { outcome: "Outcomes of the subject", outcome_domain: "Outcome domains" },
        directionScheme,
        (scheme) => {
          directionScheme = scheme;
          showView();
        },
      ),
    directionLegend(),
    directionTable(scope, rows),
    h(
      "p",
      { class: "caption" },
      "Effect direction plot (Boon and Thomson 2021, doi 10.1002/jrsm.1458). The directions are the wording of the review, not effects measured again; significance is not counted. Where a study makes several claims about an outcome, at least 70 % of those with a direction agree, otherwise they are mixed. Size: participants, where the row states them; otherwise the middle size.",
    ),
    h("details", {}, h("summary", {}, "SQL"), sqlLine(`FROM v_claims${whereReview(reviewId)};`)),
  ];
}

function chooseReview(scope) {
  const listed = report.reviews.filter((review) => scope.directions.some((row) => row.review_id === review.review_id));
  return h(
    "div",
    {},
    h("p", { class: "lead" }, "The plot shows one review at a time. These have claims with a coded outcome:"),
    h(
      "ul",
      {},
      listed.map((review) => h("li", {}, h("a", { href: linkTo("directions", review.review_id) }, review.title))),
    ),
  );
}

function arrow(direction, scale = 1) {
  const { symbol } = DIRECTIONS[direction];
  const parts =
    symbol === "round"
      ? [h("circle", { r: 7 })]
      : symbol === "dot"
        ? [h("circle", { r: 2.5 })]
        : symbol === "sideways"
          ? [h("polygon", { points: SHAPES.sideways }), h("polygon", { points: "10,0 2,-7 2,7" })]
          : [h("polygon", { points: SHAPES[symbol] })];
  return h(
    "svg",
    {
      viewBox: "-12 -12 24 24",
      width: 24 * scale,
      height: 24 * scale,
      class: `arrow ${direction}`,
      "aria-hidden": "true",
    },
    parts,
  );
}

const directionLegend = () =>
  h(
    "ul",
    { class: "legend", "aria-label": "Directions" },
    Object.entries(DIRECTIONS).map(([direction, { label }]) => h("li", {}, arrow(direction, 0.8), label)),
    SIZES.map(([, scale, label]) => h("li", {}, arrow("improved", scale * 0.8), `${label} participants`)),
  );

function directionTable(scope, rows) {
  const size = new Map();
  rows.forEach((row) => size.set(row.outcome_id, (size.get(row.outcome_id) ?? 0) + 1));
  const outcomes = [...size.keys()].sort((a, b) => size.get(b) - size.get(a) || a.localeCompare(b));
  const found = new Map(rows.map((row) => [`${studyKey(row)}|${row.outcome_id}`, row]));
  const listed = new Set(rows.map(studyKey));
  const studies = scope.studies.filter((study) => listed.has(studyKey(study)));
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Effect direction plot" },
    h(
      "table",
      { class: "directions" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Study"),
          h("th", { scope: "col", class: "number" }, "n"),
          outcomes.map((outcome) =>
            h("th", { scope: "col", class: "upright" }, h("span", {}, conceptLabel(directionScheme, outcome))),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        studies.map((study) =>
          h(
            "tr",
            {},
            h(
              "th",
              { scope: "row" },
              h("button", { type: "button", class: "plain", onclick: () => showStudy(study) }, study.label),
            ),
            h("td", { class: "number" }, study.sample_size === null ? "" : count(study.sample_size)),
            outcomes.map((outcome) => h("td", {}, directionCell(study, found.get(`${studyKey(study)}|${outcome}`)))),
          ),
        ),
      ),
    ),
  );
}

function directionCell(study, row) {
  if (!row) return null;
  const [, scale] = SIZES.find(([least]) => (study.sample_size ?? 100) >= least);
  const label = `${study.label}, ${conceptLabel(row.scheme, row.outcome_id)}: ${DIRECTIONS[row.direction].label}`;
  return h(
    "button",
    {
      type: "button",
      class: "symbol",
      "aria-label": label,
      title: label,
      onclick: () => showStudy(study, row.outcome_id),
    },
    arrow(row.direction, scale),
  );
}
