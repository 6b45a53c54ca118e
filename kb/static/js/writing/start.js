// Starts what the pages on which practices are written have use for. All of them work without it.
import { showAdvice } from "./advice.js";
import { Autosave } from "./autosave.js";
import { markGaps } from "./gaps.js";
import { addRows } from "./rows.js";
import { searchChoices } from "./choices.js";
import { hintSimilar } from "./similar.js";

for (const form of document.querySelectorAll("form[data-writing]")) {
  form.querySelectorAll("[data-searched]").forEach(searchChoices);
  form.querySelectorAll("[data-rows]").forEach(addRows);
  markGaps(form);
  showAdvice(form);
  hintSimilar(form);
  if (form.dataset.autosave) new Autosave(form).start();
}
