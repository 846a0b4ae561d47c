/* A deposit of our API: made, filled file by file, handed in. Large files go by tus. */

const SMALL_BYTES = 4 * 1024 * 1024;
const AGAIN_MS = [0, 1000, 3000, 5000, 10000, 20000];

/** What the server said, in its own words where it gave any. */
async function fault(answer) {
  const said = await answer.json().catch(() => ({}));
  return new Error(said.detail || `${answer.status} ${answer.statusText}`);
}

const addressOf = (deposit, path) =>
  `/api/v1/deposits/${deposit}/files/${path.split("/").map(encodeURIComponent).join("/")}`;

export class Deposit {
  constructor(token, id) {
    this.headers = { "X-CSRFToken": token };
    this.id = id;
    this.current = null;
    this.isPaused = false;
  }

  async send(method, address, body) {
    const headers = { ...this.headers, "Content-Type": "application/json" };
    const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw await fault(answer);
    return answer;
  }

  async make(said) {
    this.id = (await (await this.send("POST", "/api/v1/deposits", said)).json()).deposit_id;
  }

  /** What is there already: address -> {size, isWhole}. */
  async known() {
    const found = new Map();
    let next = `/api/v1/deposits/${this.id}/files?limit=500`;
    while (next) {
      const answer = await fetch(next, { headers: this.headers });
      if (!answer.ok) throw await fault(answer);
      const page = await answer.json();
      for (const each of page.items) {
        found.set(decodeURIComponent(each.url), { size: each.size_bytes, isWhole: each.is_complete });
      }
      next = page.next && new URL(page.next).pathname + new URL(page.next).search;
    }
    return found;
  }

  /** Send one file; `before` is what `known` said of it. Resolves when all of it is there. */
  async file({ path, file }, before, progress) {
    if (before?.isWhole && before.size === file.size) return;
    if (file.size <= SMALL_BYTES) await this.small(path, file);
    else await this.large(path, file, before?.size === file.size, progress);
  }

  async small(path, file) {
    const headers = { ...this.headers, "Content-Type": "application/octet-stream" };
    for (const wait of [...AGAIN_MS, null]) {
      await this.unpaused();
      try {
        const answer = await fetch(addressOf(this.id, path), { method: "PUT", headers, body: file });
        if (answer.ok) return;
        if (answer.status < 500 && answer.status !== 423) throw await fault(answer);
        if (wait === null || answer.status === 507) throw await fault(answer);
      } catch (wrong) {
        if (!(wrong instanceof TypeError) || wait === null) throw wrong; // TypeError: no network
      }
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  async large(path, file, isBegun, progress) {
    await this.unpaused();
    await new Promise((done, failed) => {
      const upload = new globalThis.tus.Upload(file, {
        endpoint: `/api/v1/deposits/${this.id}/files`,
        uploadUrl: isBegun ? addressOf(this.id, path) : null,
        storeFingerprintForResuming: false,
        retryDelays: AGAIN_MS,
        headers: this.headers,
        metadata: { path },
        onProgress: progress,
        onSuccess: done,
        onError: (wrong) => failed(this.inWords(wrong)),
      });
      this.current = upload;
      upload.start();
    });
    this.current = null;
  }

  inWords(wrong) {
    try {
      return new Error(JSON.parse(wrong.originalResponse.getBody()).detail);
    } catch {
      return wrong;
    }
  }

  pause() {
    this.isPaused = true;
    this.current?.abort();
  }

  resume() {
    this.isPaused = false;
    this.current?.start();
    this.goOn?.();
  }

  unpaused() {
    return this.isPaused ? new Promise((done) => { this.goOn = done; }) : Promise.resolve();
  }

  async finalise(said) {
    const answer = await this.send("POST", `/api/v1/deposits/${this.id}/finalise`, said);
    return (await answer.json()).submission_id;
  }
}

export { addressOf };
