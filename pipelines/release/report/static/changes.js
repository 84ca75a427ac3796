// The changes since the last release.

"use strict";

function changesView() {
  const { changes } = report;
  if (changes.old === null) return [h("p", { class: "lead" }, "This release has no earlier release to compare with.")];
  const changed = changes.tables.filter((table) => table.status !== "same");
  return [
    h(
      "p",
      { class: "lead" },
      `Changes from release ${changes.old} to ${changes.new}${changes.breaks ? "; queries for the older one may fail" : ""}.`,
    ),
    changed.length
      ? dataTable(
          changed.map((table) => ({
            ...table,
            changed_columns: Object.entries(table.changed_columns ?? {})
              .map(([column, n]) => `${column} (${n})`)
              .join(", "),
            examples: [
              ...(table.examples_added ?? []),
              ...(table.examples_removed ?? []),
              ...(table.examples_changed ?? []),
            ]
              .slice(0, 3)
              .join("; "),
          })),
          {
            table: "Table",
            status: "Status",
            rows_added: "Rows added",
            rows_removed: "Rows removed",
            rows_changed: "Rows changed",
            changed_columns: "Changed columns",
            examples: "Examples (keys)",
          },
          "Changed tables",
        )
      : h("p", { class: "empty" }, "No table changed."),
  ];
}
