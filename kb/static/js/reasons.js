// Puts a ready text into the box of the reason, where it can be changed before it is sent.

/** Watches a select: data-texts and its value make the id of a text, data-into is the box's id. */
function offerTexts(select) {
  const box = document.getElementById(select.dataset.into);
  // The text goes with the box from now on; sent as well, the choice would say it twice.
  select.removeAttribute("name");
  document.getElementById(select.getAttribute("aria-describedby"))?.remove();
  select.removeAttribute("aria-describedby");
  let before = "";
  select.addEventListener("change", () => {
    const text = document.getElementById(select.dataset.texts + select.value)?.textContent.trim() ?? "";
    const own = box.value.replace(before, "").trim();
    box.value = [text, own].filter(Boolean).join("\n\n");
    before = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.querySelectorAll("select[data-texts]").forEach(offerTexts);
