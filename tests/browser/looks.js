// Marks, for axe, one text of each look: its colour, size and weight, and what is painted behind it.
// Measuring contrast costs more than all other rules, and texts that look the same have the same.

const LOOK = "data-look";

function markLooks() {
  const layers = new Map();
  const seen = new Set();
  for (const element of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(element);
    const { backgroundColor, backgroundImage, opacity, position } = style;
    const behind = `${layers.get(element.parentElement)} ${backgroundColor} ${backgroundImage} ${opacity} ${position}`;
    layers.set(element, behind);
    const look = `${behind} ${style.color} ${style.fontSize} ${style.fontWeight} ${element.matches(":disabled")}`;
    if (seen.has(look) || !showsText(element)) continue;
    seen.add(look);
    element.setAttribute(LOOK, "");
  }
}

function showsText(element) {
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  return element.checkVisibility() && (element.matches("input, select, textarea") || [...element.childNodes].some(isText));
}

/** What axe finds against the standards, with at most three elements for each rule. */
async function faults(standards) {
  axe.configure({ rules: [{ id: "color-contrast", selector: `[${LOOK}]` }] });
  markLooks();
  // Only faults are told in full: the rest of axe's report costs more than finding them.
  const options = { runOnly: { type: "tag", values: standards }, resultTypes: ["violations"] };
  const { violations } = await axe.run(options);
  for (const element of document.querySelectorAll(`[${LOOK}]`)) element.removeAttribute(LOOK);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html)}`);
}
