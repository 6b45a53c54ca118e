// Starts what a page has use for. Every page works without any of this.
import { countAsTyped } from "./counts.js";
import { copyAddress, printPage } from "./tools.js";
import { focusFirst, focusFromSummary } from "./focus.js";
import { foldFilters, submitFilters } from "./filters.js";
import { suggestWhileTyping } from "./suggest.js";

const start = (selector, begin) => document.querySelectorAll(selector).forEach(begin);

focusFirst("[data-focus]");
start(".govuk-error-summary", focusFromSummary);
start("[data-count]", countAsTyped);
start("[data-filters]", foldFilters);
start("form[data-submits-itself]", submitFilters);
start("[data-suggest]", suggestWhileTyping);
start("[data-copy]", copyAddress);
start("[data-print]", printPage);
