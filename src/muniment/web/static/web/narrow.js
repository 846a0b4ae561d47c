// On a phone: the place where one is stands in sight in the navigation, and the rows of a table
// stand one below the other, each cell with the name of its column (site.css does it by
// data-column). Without this script a table is moved sideways. The roles are said again, for a
// table that is laid out anew is none to some browsers.

const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

function role(element) {
  if (element.tagName === "TH") return element.scope === "row" ? "rowheader" : "columnheader";
  return ROLES[element.tagName];
}

function name(table) {
  const columns = [...table.querySelectorAll("thead th")].map((each) => each.textContent.trim());
  if (!columns.length) return;
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, at) => { cell.dataset.column = columns[at] ?? ""; });
  }
  for (const each of [table, ...table.querySelectorAll("thead, tbody, tr, th, td")]) {
    each.setAttribute("role", role(each));
  }
  table.classList.add("stacks");
}

const nameAll = () => document.querySelectorAll(".scroll > table").forEach(name);

function showPlace() {
  const place = document.querySelector(".site-header__links [aria-current]");
  const nav = place?.closest("nav");
  if (!nav || nav.scrollWidth <= nav.clientWidth) return;
  const { left, width } = place.getBoundingClientRect();
  nav.scrollLeft += left - nav.getBoundingClientRect().left - (nav.clientWidth - width) / 2;
}

nameAll();
showPlace();
document.body.addEventListener("htmx:afterSettle", nameAll);
