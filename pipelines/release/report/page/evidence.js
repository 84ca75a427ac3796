// What evidence there is: the evidence gap map and the effect direction plot. Both are tables, so that they can be read
// and used without seeing colours or holding a mouse.

"use strict";

const MAPS = {
  modality: { rows: "modality", columns: "outcome", label: "Treatment modality × outcome" },
  general: { rows: "intervention_kind", children: "intervention", columns: "outcome_domain", label: "Kind of intervention × outcome domain" },
};
const folds = { map: null, rows: new Set(), columns: new Set() };

const LEVELS = { 1: "level 1", 2: "level 2", 3: "level 3", 4: "level 4", 5: "level 5", none: "no design with a level stated" };

function gapMapView(scope, reviewId) {
  const maps = Object.keys(MAPS).filter((map) => scope.gap_cells.some((cell) => cell.map === map));
  if (!maps.length) return [noStudies(reviewId)];
  if (!maps.includes(folds.map)) folds.map = largestMap(scope, maps);
  const holder = h("div");
  const draw = () => fill(holder, drawGapMap(scope, reviewId, draw));
  draw();
  return [
    h("p", { class: "lead" }, "Each circle is the studies of evidence tables that look at an intervention and an outcome. Choose one to see its studies, and a study to read its row."),
    maps.length > 1 && switchOf("Vocabulary", Object.fromEntries(maps.map((map) => [map, MAPS[map].label])), folds.map, (map) => {
      folds.map = map;
      showView();
    }),
    holder,
    h("p", { class: "caption" }, "The map shows what evidence there is, not what it says; an empty cell means that these tables hold no such study, not that none exists. The area of a circle is the number of studies, its colour the strongest design (OCEBM 2011 level) that a reference of them states. A study counts once in each cell."),
    h("details", {}, h("summary", {}, "SQL"), sqlLine(folds.map === "modality"
      ? `FROM v_evidence_gap_map${whereReview(reviewId)};`
      : `FROM study_concepts${whereReview(reviewId)};`)),
  ];
}

function noStudies(reviewId) {
  return h("p", { class: "empty" }, reviewId === null
    ? "No evidence table with coded studies was found in these reviews."
    : "No evidence table with coded studies was found in this review.");
}

function largestMap(scope, maps) {
  const size = (map) => new Set(scope.gap_studies.filter((row) => row.map === map).map(studyKey)).size;
  return maps.reduce((best, map) => (size(map) > size(best) ? map : best));
}

const studyKey = (row) => `${row.review_id}/${row.table_no}/${row.row_no}`;

function drawGapMap(scope, reviewId, redraw) {
  const { map } = folds;
  const schemes = MAPS[map];
  const cells = scope.gap_cells.filter((cell) => cell.map === map);
  const found = new Map(cells.map((cell) => [[cell.row_group, cell.row_concept, cell.column_group, cell.column_concept].join("|"), cell]));
  const rows = unfold(cells, "row_group", "row_concept", folds.rows, (concept, isChild) => conceptLabel(isChild && schemes.children ? schemes.children : schemes.rows, concept));
  const columns = unfold(cells, "column_group", "column_concept", folds.columns, (concept) => conceptLabel(schemes.columns, concept));
  const largest = Math.max(...cells.map((cell) => cell.n_studies));
  const toggle = (open, id) => () => { open.has(id) ? open.delete(id) : open.add(id); redraw(); };
  const header = (line, open, scopeName, style = "") => h("th", { scope: scopeName, class: line.isChild ? `child ${style}` : style },
    line.canUnfold
      ? h("button", { type: "button", class: "fold", "aria-expanded": String(open.has(line.group)), onclick: toggle(open, line.group) }, line.label)
      : h("span", {}, line.label));
  const table = h("table", { class: "gap-map" },
    h("thead", {}, h("tr", {}, h("td", {}), columns.map((column) => header(column, folds.columns, "col", "upright")))),
    h("tbody", {}, rows.map((row) => h("tr", {}, header(row, folds.rows, "row"), columns.map((column) => {
      const cell = found.get([row.group, row.concept, column.group, column.concept].join("|"));
      return h("td", { class: row.isChild || column.isChild ? "child" : null }, cell && gapButton(scope, reviewId, cell, row, column, largest));
    })))));
  return [levelLegend(), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Evidence gap map" }, table)];
}

/** The lines of one side of the map: groups, the largest first, and below an open group its concepts. */
function unfold(cells, groupField, conceptField, open, label) {
  const total = (test) => cells.filter(test).reduce((sum, cell) => sum + cell.n_studies, 0);
  const isTotal = (cell) => cell.row_concept === null && cell.column_concept === null;
  const bySize = (items, size) => [...items].sort((a, b) => size(b) - size(a) || String(a).localeCompare(String(b)));
  const groups = bySize(new Set(cells.map((cell) => cell[groupField])), (group) => total((cell) => isTotal(cell) && cell[groupField] === group));
  return groups.flatMap((group) => {
    const concepts = new Set(cells.filter((cell) => cell[groupField] === group && cell[conceptField] !== null).map((cell) => cell[conceptField]));
    const canUnfold = concepts.size > 1 || (concepts.size === 1 && !concepts.has(group));
    const lines = [{ group, concept: null, label: label(group, false), canUnfold, isChild: false }];
    if (!canUnfold || !open.has(group)) return lines;
    const size = (concept) => total((cell) => cell[groupField] === group && cell[conceptField] === concept);
    const children = bySize(concepts, size).map((concept) => ({
      group, concept, canUnfold: false, isChild: true,
      label: concept === group ? `${label(group, false)}, not further specified` : label(concept, true),
    }));
    return [...lines, ...children];
  });
}

function gapButton(scope, reviewId, cell, row, column, largest) {
  const level = cell.level ?? "none";
  const size = 20 + 28 * Math.sqrt(cell.n_studies / largest);
  const label = `${row.label}, ${column.label}: ${plural(cell.n_studies, "study", "studies")}, ${LEVELS[level]}`;
  return h("button", {
    type: "button", class: `dot level-${level}`, style: `width:${size}px;height:${size}px`, "aria-label": label, title: label,
    onclick: () => showStudies(scope, reviewId, cell, `${row.label} × ${column.label}`),
  }, count(cell.n_studies));
}

const levelLegend = () => h("ul", { class: "legend", "aria-label": "Strongest design" },
  h("li", {}, "Strongest design:"),
  Object.entries(LEVELS).map(([level, label]) => h("li", {}, h("span", { class: `dot level-${level}` }), label)));

function showStudies(scope, reviewId, cell, title) {
  const behind = new Set(scope.gap_studies.filter((row) => row.map === cell.map
    && row.row_group === cell.row_group && (cell.row_concept === null || row.row_concept === cell.row_concept)
    && row.column_group === cell.column_group && (cell.column_concept === null || row.column_concept === cell.column_concept)).map(studyKey));
  const studies = scope.studies.filter((study) => behind.has(studyKey(study)));
  const missing = cell.n_studies - studies.length;
  openCard(title,
    h("p", {}, plural(cell.n_studies, "study", "studies")),
    h("ul", { class: "study-list" }, studies.map((study) => h("li", {},
      h("button", { type: "button", class: "plain", onclick: () => showStudy(study) }, study.label),
      h("span", { class: "faint" }, [study.design ?? "design not stated", study.sample_size && `n = ${count(study.sample_size)}`].filter(Boolean).map((text) => ` · ${text}`)),
      reviewId === null && report.reviews.length > 1 && h("span", { class: "faint" }, ` · ${reviewOf(study.review_id).title}`)))),
    missing > 0 && h("p", {}, `${plural(missing, "further study", "further studies")} did not fit into this page.`));
}

// Effect directions

const DIRECTIONS = {
  improved: { symbol: "up", label: "improved" },
  worsened: { symbol: "down", label: "worsened" },
  no_difference: { symbol: "sideways", label: "no difference" },
  mixed: { symbol: "sideways", label: "mixed" },
  safe_tolerable: { symbol: "round", label: "safe or tolerable" },
  not_directional: { symbol: "dot", label: "no direction stated" },
};
const SHAPES = {
  up: "0,-9 9,8 -9,8", down: "0,9 9,-8 -9,-8", sideways: "-10,0 -2,-7 -2,7",
};
const SIZES = [[300, 1.25, "more than 300"], [50, 1, "50 to 300"], [0, 0.72, "fewer than 50"]];
let directionScheme = null;

function directionsView(scope, reviewId) {
  if (reviewId === null && report.reviews.length > 1) return [chooseReview(scope)];
  const schemes = [...new Set(scope.directions.map((row) => row.scheme))].sort();
  if (!schemes.length) return [h("p", { class: "empty" }, "No claim with a coded outcome was found in this review.")];
  if (!schemes.includes(directionScheme)) [directionScheme] = schemes;
  const rows = scope.directions.filter((row) => row.scheme === directionScheme);
  return [
    h("p", { class: "lead" }, "What each study is said to have found, outcome by outcome. Choose an arrow to read the words."),
    schemes.length > 1 && switchOf("Vocabulary", { outcome: "Outcomes of the subject", outcome_domain: "Outcome domains" }, directionScheme, (scheme) => { directionScheme = scheme; showView(); }),
    directionLegend(),
    directionTable(scope, rows),
    h("p", { class: "caption" }, "Effect direction plot (Boon and Thomson 2021, doi 10.1002/jrsm.1458). The directions are the wording of the review, not effects measured again; significance is not counted. Where a study makes several claims about an outcome, at least 70 % of those with a direction agree, otherwise they are mixed. Size: participants, where the row states them; otherwise the middle size."),
    h("details", {}, h("summary", {}, "SQL"), sqlLine(`FROM v_claims${whereReview(reviewId)};`)),
  ];
}

function chooseReview(scope) {
  const listed = report.reviews.filter((review) => scope.directions.some((row) => row.review_id === review.review_id));
  return h("div", {}, h("p", { class: "lead" }, "The plot shows one review at a time. These have claims with a coded outcome:"),
    h("ul", {}, listed.map((review) => h("li", {}, h("a", { href: linkTo("directions", review.review_id) }, review.title)))));
}

function arrow(direction, scale = 1) {
  const { symbol } = DIRECTIONS[direction];
  const parts = symbol === "round" ? [h("circle", { r: 7 })] : symbol === "dot" ? [h("circle", { r: 2.5 })]
    : symbol === "sideways" ? [h("polygon", { points: SHAPES.sideways }), h("polygon", { points: "10,0 2,-7 2,7" })]
      : [h("polygon", { points: SHAPES[symbol] })];
  return h("svg", { viewBox: "-12 -12 24 24", width: 24 * scale, height: 24 * scale, class: `arrow ${direction}`, "aria-hidden": "true" }, parts);
}

const directionLegend = () => h("ul", { class: "legend", "aria-label": "Directions" },
  Object.entries(DIRECTIONS).map(([direction, { label }]) => h("li", {}, arrow(direction, 0.8), label)),
  SIZES.map(([, scale, label]) => h("li", {}, arrow("improved", scale * 0.8), `${label} participants`)));

function directionTable(scope, rows) {
  const size = new Map();
  rows.forEach((row) => size.set(row.outcome_id, (size.get(row.outcome_id) ?? 0) + 1));
  const outcomes = [...size.keys()].sort((a, b) => size.get(b) - size.get(a) || a.localeCompare(b));
  const found = new Map(rows.map((row) => [`${studyKey(row)}|${row.outcome_id}`, row]));
  const listed = new Set(rows.map(studyKey));
  const studies = scope.studies.filter((study) => listed.has(studyKey(study)));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Effect direction plot" },
    h("table", { class: "directions" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Study"), h("th", { scope: "col", class: "number" }, "n"),
        outcomes.map((outcome) => h("th", { scope: "col", class: "upright" }, h("span", {}, conceptLabel(directionScheme, outcome)))))),
      h("tbody", {}, studies.map((study) => h("tr", {},
        h("th", { scope: "row" }, h("button", { type: "button", class: "plain", onclick: () => showStudy(study) }, study.label)),
        h("td", { class: "number" }, study.sample_size === null ? "" : count(study.sample_size)),
        outcomes.map((outcome) => h("td", {}, directionCell(study, found.get(`${studyKey(study)}|${outcome}`)))))))));
}

function directionCell(study, row) {
  if (!row) return null;
  const [, scale] = SIZES.find(([least]) => (study.sample_size ?? 100) > least) ?? SIZES[2];
  const label = `${study.label}, ${conceptLabel(row.scheme, row.outcome_id)}: ${DIRECTIONS[row.direction].label}`;
  return h("button", { type: "button", class: "symbol", "aria-label": label, title: label, onclick: () => showStudy(study, row.outcome_id) }, arrow(row.direction, scale));
}
