// The evidence gap map: what evidence there is. It is a table, so that it can be read and used without seeing colours or
// holding a mouse.

"use strict";

const MAPS = {
  modality: { rows: "modality", columns: "outcome", label: "Treatment modality × outcome" },
  general: {
    rows: "intervention_kind",
    children: "intervention",
    columns: "outcome_domain",
    label: "Kind of intervention × outcome domain",
  },
};
const folds = { map: null, rows: new Set(), columns: new Set() };

const LEVELS = {
  1: "level 1",
  2: "level 2",
  3: "level 3",
  4: "level 4",
  5: "level 5",
  none: "no design with a level stated",
};

function gapMapView(scope, reviewId) {
  const maps = Object.keys(MAPS).filter((map) => scope.gap_cells.some((cell) => cell.map === map));
  if (!maps.length) return [noStudies(reviewId)];
  if (!maps.includes(folds.map)) folds.map = largestMap(scope, maps);
  const holder = h("div");
  const draw = () => fill(holder, drawGapMap(scope, reviewId, draw));
  draw();
  return [
    h(
      "p",
      { class: "lead" },
      "Each circle is the studies of evidence tables that look at an intervention and an outcome. Choose one to see its studies, and a study to read its row.",
    ),
    maps.length > 1 &&
      switchOf("Vocabulary", Object.fromEntries(maps.map((map) => [map, MAPS[map].label])), folds.map, (map) => {
        folds.map = map;
        showView();
      }),
    holder,
    h(
      "p",
      { class: "caption" },
      "The map shows what evidence there is, not what it says; an empty cell means that these tables hold no such study, not that none exists. The area of a circle is the number of studies, its colour the strongest design (OCEBM 2011 level) that a reference of them states. A study counts once in each cell.",
    ),
    h(
      "details",
      {},
      h("summary", {}, "SQL"),
      sqlLine(
        folds.map === "modality"
          ? `FROM v_evidence_gap_map${whereReview(reviewId)};`
          : `FROM study_concepts${whereReview(reviewId)};`,
      ),
    ),
  ];
}

function noStudies(reviewId) {
  return h(
    "p",
    { class: "empty" },
    reviewId === null
      ? "No evidence table with coded studies was found in these reviews."
      : "No evidence table with coded studies was found in this review.",
  );
}

function largestMap(scope, maps) {
  const size = (map) => new Set(scope.gap_studies.filter((row) => row.map === map).map(studyKey)).size;
  return maps.reduce((best, map) => (size(map) > size(best) ? map : best));
}

function drawGapMap(scope, reviewId, redraw) {
  const { map } = folds;
  const schemes = MAPS[map];
  const cells = scope.gap_cells.filter((cell) => cell.map === map);
  const found = new Map(
    cells.map((cell) => [[cell.row_group, cell.row_concept, cell.column_group, cell.column_concept].join("|"), cell]),
  );
  const rows = unfold(cells, "row_group", "row_concept", folds.rows, (concept, isChild) =>
    conceptLabel(isChild && schemes.children ? schemes.children : schemes.rows, concept),
  );
  const columns = unfold(cells, "column_group", "column_concept", folds.columns, (concept) =>
    conceptLabel(schemes.columns, concept),
  );
  const largest = Math.max(...cells.map((cell) => cell.n_studies));
  const toggle = (open, id) => () => {
    open.has(id) ? open.delete(id) : open.add(id);
    redraw();
  };
  const header = (line, open, scopeName, style = "") =>
    h(
      "th",
      { scope: scopeName, class: line.isChild ? `child ${style}` : style },
      line.canUnfold
        ? h(
            "button",
            {
              type: "button",
              class: "fold",
              "aria-expanded": String(open.has(line.group)),
              onclick: toggle(open, line.group),
            },
            line.label,
          )
        : h("span", {}, line.label),
    );
  const table = h(
    "table",
    { class: "gap-map" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        columns.map((column) => header(column, folds.columns, "col", "upright")),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          header(row, folds.rows, "row"),
          columns.map((column) => {
            const cell = found.get([row.group, row.concept, column.group, column.concept].join("|"));
            return h(
              "td",
              { class: row.isChild || column.isChild ? "child" : null },
              cell && gapButton(scope, reviewId, cell, row, column, largest),
            );
          }),
        ),
      ),
    ),
  );
  return [
    levelLegend(),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Evidence gap map" }, table),
  ];
}

/** The lines of one side of the map: groups, the largest first, and below an open group its concepts. */
function unfold(cells, groupField, conceptField, open, label) {
  const total = (test) => cells.filter(test).reduce((sum, cell) => sum + cell.n_studies, 0);
  const isTotal = (cell) => cell.row_concept === null && cell.column_concept === null;
  const bySize = (items, size) => [...items].sort((a, b) => size(b) - size(a) || String(a).localeCompare(String(b)));
  const groups = bySize(new Set(cells.map((cell) => cell[groupField])), (group) =>
    total((cell) => isTotal(cell) && cell[groupField] === group),
  );
  return groups.flatMap((group) => {
    const concepts = new Set(
      cells
        .filter((cell) => cell[groupField] === group && cell[conceptField] !== null)
        .map((cell) => cell[conceptField]),
    );
    const canUnfold = concepts.size > 1 || (concepts.size === 1 && !concepts.has(group));
    const lines = [{ group, concept: null, label: label(group, false), canUnfold, isChild: false }];
    if (!canUnfold || !open.has(group)) return lines;
    const size = (concept) => total((cell) => cell[groupField] === group && cell[conceptField] === concept);
    const children = bySize(concepts, size).map((concept) => ({
      group,
      concept,
      canUnfold: false,
      isChild: true,
      label: concept === group ? `${label(group, false)}, not further specified` : label(concept, true),
    }));
    return [...lines, ...children];
  });
}

function gapButton(scope, reviewId, cell, row, column, largest) {
  const level = cell.level ?? "none";
  const size = 20 + 28 * Math.sqrt(cell.n_studies / largest);
  const label = `${row.label}, ${column.label}: ${plural(cell.n_studies, "study", "studies")}, ${LEVELS[level]}`;
  return h(
    "button",
    {
      type: "button",
      class: `dot level-${level}`,
      style: `width:${size}px;height:${size}px`,
      "aria-label": label,
      title: label,
      onclick: () => showStudies(scope, reviewId, cell, `${row.label} × ${column.label}`),
    },
    count(cell.n_studies),
  );
}

const levelLegend = () =>
  h(
    "ul",
    { class: "legend", "aria-label": "Strongest design" },
    h("li", {}, "Strongest design:"),
    Object.entries(LEVELS).map(([level, label]) => h("li", {}, h("span", { class: `dot level-${level}` }), label)),
  );

function showStudies(scope, reviewId, cell, title) {
  const behind = new Set(
    scope.gap_studies
      .filter(
        (row) =>
          row.map === cell.map &&
          row.row_group === cell.row_group &&
          (cell.row_concept === null || row.row_concept === cell.row_concept) &&
          row.column_group === cell.column_group &&
          (cell.column_concept === null || row.column_concept === cell.column_concept),
      )
      .map(studyKey),
  );
  const studies = scope.studies.filter((study) => behind.has(studyKey(study)));
  const missing = cell.n_studies - studies.length;
  openCard(
    title,
    h("p", {}, plural(cell.n_studies, "study", "studies")),
    h(
      "ul",
      { class: "study-list" },
      studies.map((study) =>
        h(
          "li",
          {},
          h("button", { type: "button", class: "plain", onclick: () => showStudy(study) }, study.label),
          h(
            "span",
            { class: "faint" },
            [study.design ?? "design not stated", study.sample_size && `n = ${count(study.sample_size)}`]
              .filter(Boolean)
              .map((text) => ` · ${text}`),
          ),
          reviewId === null && h("span", { class: "faint" }, ` · ${reviewOf(study.review_id).title}`),
        ),
      ),
    ),
    missing > 0 && h("p", {}, `${plural(missing, "further study", "further studies")} did not fit into this page.`),
  );
}
