// The data of the page: chunks of compressed JSON in script elements, unpacked when they are needed.

"use strict";

let report; // The contents: release, reviews, concepts, tables, figures and names of chunks.
const unpacked = new Map();

async function unpack(id) {
  const packed = document.getElementById(id).textContent;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** The chunk of this name; null if the page does not hold it. */
function loadChunk(name) {
  if (!report.chunks.includes(name)) return Promise.resolve(null);
  if (!unpacked.has(name)) unpacked.set(name, unpack(`chunk-${name}`));
  return unpacked.get(name);
}

const placeOf = (reviewId) => report.reviews.findIndex((review) => review.review_id === reviewId);
const reviewOf = (reviewId) => report.reviews[placeOf(reviewId)];

/** The scope of a review, or of all reviews for null: the rows of each query. */
const loadScope = (reviewId) => loadChunk(reviewId === null ? "scope-all" : `scope-${placeOf(reviewId)}`);

/** The text of a review, with its studies; null if the page does not hold it. */
async function loadText(reviewId) {
  const [text, scope] = [await loadChunk(`text-${placeOf(reviewId)}`), await loadScope(reviewId)];
  return text && { ...text, studies: scope?.studies ?? [] };
}

const countsOf = (scope) => Object.fromEntries(scope.counts.map((row) => [row.name, row.n]));

/** The key of the study that a row belongs to. */
const studyKey = (row) => `${row.review_id}/${row.table_no}/${row.row_no}`;

function conceptLabel(scheme, conceptId) {
  const found = report.concepts.find((row) => row.scheme === scheme && row.concept_id === conceptId);
  return found ? found.label : capitalise(inWords(conceptId));
}

/** Whether the page holds the numbers (`scope`) or the text (`text`) of a review. */
const isInPage = (kind, reviewId) => report.chunks.includes(`${kind}-${placeOf(reviewId)}`);

/** What a code of a column means, or the code in words. */
function codeMeaning(table, column, code) {
  const found = report.codes.find((row) => row.table_name === table && row.column_name === column && row.code === code);
  return found ? found.meaning : inWords(code);
}

/** Quote text for SQL. */
const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
const whereReview = (reviewId) => (reviewId === null ? "" : ` WHERE review_id = ${quoted(reviewId)}`);
