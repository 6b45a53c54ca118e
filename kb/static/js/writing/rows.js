// Rows of a table that can be added and removed on the page.

const NAME = /^([a-z_]+?)_(\d+)_(\w+)$/;

/** Lets the buttons of one table work without asking the library. */
export function addRows(table) {
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.name === "add") {
      event.preventDefault();
      addRow(table)?.querySelector("input, select")?.focus();
    } else if (button?.name === "remove") {
      event.preventDefault();
      removeRow(table, button.closest("[data-row]"));
    }
  });
  table.addEventListener("input", (event) => {
    const remove = event.target.closest("[data-row]")?.querySelector("[name=remove]");
    if (remove) remove.hidden = false;
  });
}

/** Makes sure that the row of an input with this name is there, where it is of a table at all. */
export function ensureRow(form, name) {
  const [, field, number] = NAME.exec(name) ?? [];
  const table = form.querySelector(`[data-rows="${field}"]`);
  while (table && !form.elements[name] && rows(table).length <= Number(number)) {
    if (!addRow(table)) return;
  }
}

function rows(table) {
  return [...table.querySelectorAll("[data-row]")];
}

function addRow(table) {
  const all = rows(table);
  const last = all.at(-1);
  if (all.length >= Number(table.dataset.limit)) return null;
  const number = Math.max(...all.map((row) => Number(row.dataset.row))) + 1;
  const row = last.cloneNode(true);
  renumber(row, table.dataset.rows, last.dataset.row, number);
  last.after(row);
  return row;
}

function renumber(row, field, before, number) {
  const old = `${field}_${before}`;
  const fresh = `${field}_${number}`;
  row.dataset.row = number;
  row.setAttribute("aria-label", `${row.dataset.label} ${number + 1}`);
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "for", "value", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value?.startsWith(old)) element.setAttribute(attribute, value.replace(old, fresh));
    }
    if (element.matches("input, select")) clear(element);
    if (element.matches(".govuk-error-message")) element.remove();
    if (element.matches("[name=remove]")) element.hidden = true;
  }
}

function clear(control) {
  control.removeAttribute("aria-invalid");
  control.value = "";
}

function removeRow(table, row) {
  const all = rows(table);
  const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  if (next) row.remove();
  else row.querySelectorAll("input, select").forEach(clear);
  (next ?? row).querySelector("input, select")?.focus();
  table.dispatchEvent(new Event("change", { bubbles: true }));
}
