/* What somebody chose or dropped, as a list of {path, file}; folders are walked. */

const read = (reader) => new Promise((done, fail) => reader.readEntries(done, fail));
const fileOf = (entry) => new Promise((done, fail) => entry.file(done, fail));

async function walk(entry, above, found) {
  const path = above + entry.name;
  if (entry.isFile) {
    found.push({ path, file: await fileOf(entry) });
    return;
  }
  const reader = entry.createReader();
  for (let some = await read(reader); some.length; some = await read(reader)) {
    for (const each of some) await walk(each, `${path}/`, found);
  }
}

/** Everything that was dropped; entries are asked for before the event is over. */
export async function fromDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const found = [];
  if (!entries.length) return fromInput(transfer);
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

/** Everything that an input, or what was dropped, holds; `webkitRelativePath` is empty where no folder was chosen. */
export function fromInput(input) {
  return [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** The name of the one folder that holds everything, and the paths without it. */
export function withoutTop(found) {
  const tops = new Set(found.map(({ path }) => path.slice(0, path.indexOf("/") + 1)));
  const [top] = tops;
  if (tops.size !== 1 || !top) return { name: "", found };
  return {
    name: top.slice(0, -1),
    found: found.map(({ path, file }) => ({ path: path.slice(top.length), file })),
  };
}
