// A box above a long list of choices that leaves only those with the letters typed.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ");
const QUIET = 800; // Milliseconds until the number of choices is read out.

/** Adds the box; data-searched is its label. What is ticked stays in sight. */
export function searchChoices(list) {
  const items = [...list.querySelectorAll(".govuk-checkboxes__item")];
  const texts = items.map((item) => fold(item.textContent));
  const id = `search-${items[0].querySelector("input").name}`;
  const group = document.createElement("div");
  group.className = "kb-search-choices";
  const label = document.createElement("label");
  label.className = "govuk-label";
  label.htmlFor = id;
  label.textContent = list.dataset.searched;
  const box = document.createElement("input");
  box.className = "govuk-input";
  box.id = id;
  box.type = "search";
  box.autocomplete = "off";
  const spoken = document.createElement("div");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  group.append(label, box, spoken);
  list.querySelector(".govuk-checkboxes").before(group);

  let quiet;
  box.addEventListener("input", (event) => {
    event.stopPropagation(); // It is no part of what is written.
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    items.forEach((item, index) => {
      const isFound = words.every((word) => texts[index].includes(word));
      item.hidden = !(isFound || item.querySelector("input").checked);
    });
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      spoken.textContent = `${list.dataset.found} ${items.filter((item) => !item.hidden).length}`;
    }, QUIET);
  });
  // Enter would send the form.
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
