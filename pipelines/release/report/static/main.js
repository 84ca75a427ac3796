// Which view of which scope is shown. The address says it: #/view/review/place.

"use strict";

const VIEWS = {
  overview: { title: "Overview", draw: overviewView },
  "gap-map": { title: "Evidence gap map", draw: gapMapView },
  directions: { title: "Effect directions", draw: directionsView },
  trends: { title: "Publication trends", draw: trendsView },
  references: { title: "Use of references", draw: usageView },
  overlap: { title: "Overlap", draw: overlapView, isOfAllReviews: true },
  reader: { title: "Reader", draw: readerView, isWithoutScope: true },
  tables: { title: "Tables", draw: tablesView, isWithoutScope: true },
  changes: { title: "Changes", draw: changesView, isWithoutScope: true },
};

const linkTo = (view, reviewId, place = null) =>
  `#/${[view, reviewId === null ? "" : reviewId, place]
    .filter((part) => part !== null)
    .map(encodeURIComponent)
    .join("/")}`;

/** A part of the address as text; one that is no valid encoding, as a truncated link may have, is taken as it is. */
function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

function readAddress() {
  const [, view, review, place] = location.hash.split("/").map(decodePart);
  const single = report.reviews.length === 1 ? report.reviews[0].review_id : null;
  return {
    view: Object.hasOwn(VIEWS, view ?? "") ? view : "overview",
    reviewId: review && placeOf(review) >= 0 ? review : single,
    place: place || null,
  };
}

/** The scope of all reviews is that of the only review, with the rows that no single review has. */
async function scopeToShow(reviewId, view) {
  if (VIEWS[view].isOfAllReviews) return loadScope(null);
  return loadScope(reviewId);
}

async function showView() {
  const { view, reviewId, place } = readAddress();
  drawNavigation(view, reviewId);
  const main = document.getElementById("main");
  const title = VIEWS[view].title;
  document.title = `${title} · ${report.release.title}`;
  const scope = await scopeToShow(reviewId, view);
  const content =
    scope === null && !VIEWS[view].isWithoutScope
      ? [
          h(
            "p",
            { class: "empty" },
            "The numbers of this review did not fit into this page; they are in the tables of the release.",
          ),
          sqlLine(`FROM reviews${whereReview(reviewId)};`),
        ]
      : await VIEWS[view].draw(scope, reviewId);
  fill(main, h("h2", {}, title), content);
  main.dataset.view = view;
  if (place) await showPlace(place, reviewId);
}

function drawNavigation(view, reviewId) {
  const isCorpus = report.reviews.length > 1;
  const views = Object.entries(VIEWS).filter(([, shownView]) => isCorpus || !shownView.isOfAllReviews);
  document.getElementById("views").replaceChildren(
    h(
      "ul",
      {},
      views.map(([name, { title }]) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: linkTo(name, isCorpus ? reviewId : null), "aria-current": name === view ? "page" : null },
            title,
          ),
        ),
      ),
    ),
  );
  const select = document.getElementById("scope");
  if (isCorpus && !select.options.length) {
    select.append(
      h("option", { value: "" }, `All ${count(report.reviews.length)} reviews`),
      ...report.reviews.map((review) => h("option", { value: review.review_id }, review.title)),
    );
    select.addEventListener("change", () => {
      location.hash = linkTo(readAddress().view, select.value || null);
    });
    document.getElementById("choice").hidden = false;
  }
  select.value = reviewId ?? "";
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    const main = document.getElementById("main");
    fill(
      main,
      h("h2", {}, "This browser is too old"),
      h(
        "p",
        {},
        "The page needs a browser of 2023 or newer. The charts are in the folder report of the release, its tables in the folder csv.",
      ),
    );
    return;
  }
  report = await unpack("contents");
  addEventListener("hashchange", async () => {
    if (card().open) card().close();
    await showView();
    if (!readAddress().place) scrollTo(0, 0);
  });
  // A click beside the card closes it.
  card().addEventListener("click", (event) => {
    if (event.target === card()) card().close();
  });
  await showView();
}

start();
