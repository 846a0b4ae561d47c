/* The page that hands in: drag and drop, progress, pause; without it, its form does the same. */

import { Deposit, addressOf } from "./deposit.js";
import { fromDrop, fromInput, withoutTop } from "./dropped.js";

const MOST_ROWS = 200;
const form = document.querySelector("#upload");
const words = form.dataset;
const part = (name) => document.querySelector(`#${name}`);
const field = (name) => form.elements.namedItem(name);
const state = { chosen: [], sent: 0, total: 0, deposit: null };

for (const each of form.querySelectorAll("[hidden].drop__hint, [hidden].drop__folder")) {
  each.hidden = false;
}

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(bytes || 1) / 10));
  const text = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return `${text.format(bytes / 1024 ** step)} ${units[step]}`;
}

function row({ path, file }) {
  const made = document.createElement("tr");
  const [name, bytes, progress] = ["path", "number", ""].map((kind) => {
    const cell = document.createElement("td");
    if (kind) cell.className = kind;
    made.append(cell);
    return cell;
  });
  name.textContent = path;
  bytes.textContent = size(file.size);
  progress.textContent = words.waiting;
  return made;
}

function choose({ name, found }) {
  state.chosen = found.map((each) => ({ ...each })).sort((one, other) => (one.path < other.path ? -1 : 1));
  state.total = found.reduce((sum, { file }) => sum + file.size, 0);
  const rows = state.chosen.slice(0, MOST_ROWS).map((each) => {
    each.row = row(each);
    return each.row;
  });
  part("upload-files").replaceChildren(...rows);
  part("chosen").hidden = !found.length;
  if (name && !field("title").value) field("title").value = name;
  tell("");
}

function tell(text) {
  const more = state.chosen.length > MOST_ROWS ? ` ${words.more}` : "";
  part("upload-summary").textContent =
    `${words.files} ${state.chosen.length} · ${words.sent} ${size(state.sent)} / ${size(state.total)}. ${text}${more}`;
  part("upload-progress").value = state.total ? state.sent / state.total : 0;
}

function mark(each, text) {
  if (each.row) each.row.lastElementChild.textContent = text;
}

function complain(wrong) {
  const note = part("upload-fault");
  note.hidden = !wrong;
  note.firstElementChild.textContent = wrong ? wrong.message : "";
}

function isPacked() {
  const only = state.chosen.length === 1 && state.chosen[0].path.toLowerCase();
  return Boolean(only) && words.packed.split(" ").some((suffix) => only.endsWith(suffix));
}

function said() {
  const creator = field("creator").value.trim();
  return {
    kind: isPacked() ? "sip" : "files",
    title: field("title").value.trim(),
    metadata: creator ? { creator: [creator] } : {},
    object_id: field("object_id").value.trim(),
  };
}

async function sendAll(deposit) {
  const known = await deposit.known();
  for (const each of state.chosen) {
    const before = state.sent;
    mark(each, words.sending);
    const address = decodeURIComponent(addressOf(deposit.id, each.path));
    await deposit.file(each, known.get(address), (bytes) => {
      state.sent = before + bytes;
      mark(each, `${Math.floor((100 * bytes) / each.file.size)} %`);
      tell(words.sending);
    }).catch((wrong) => {
      mark(each, words.failed);
      throw new Error(`${each.path}: ${wrong.message}`);
    });
    state.sent = before + each.file.size;
    mark(each, words.whole);
    tell(words.sending);
  }
}

async function handIn() {
  const deposit = state.deposit || new Deposit(field("csrfmiddlewaretoken").value, words.deposit);
  state.deposit = deposit;
  state.sent = 0;
  if (!deposit.id) await deposit.make(said());
  part("upload-pause").hidden = false;
  await sendAll(deposit);
  part("upload-pause").hidden = true;
  tell(words.done);
  const how = { pipeline: field("pipeline").value, dry_run: field("dry_run").checked };
  location.assign(`/submissions/${await deposit.finalise(how)}`);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  complain(null);
  if (!state.chosen.length && !words.deposit) return complain(new Error(words.none));
  button.disabled = true;
  try {
    await handIn();
  } catch (wrong) {
    complain(wrong);
  } finally {
    button.disabled = false;
  }
});

part("upload-pause").addEventListener("click", ({ target }) => {
  const { deposit } = state;
  if (deposit.isPaused) deposit.resume();
  else deposit.pause();
  target.textContent = deposit.isPaused ? words.resume : words.pause;
  tell(deposit.isPaused ? words.paused : words.sending);
});

field("files").addEventListener("change", ({ target }) => choose({ name: "", found: fromInput(target) }));
part("folder").addEventListener("change", ({ target }) => choose(withoutTop(fromInput(target))));

const drop = part("drop");
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("drop--over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("drop--over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("drop--over");
  choose(withoutTop(await fromDrop(event.dataTransfer)));
});
