// A file -> the server, piece after piece: it goes on where it stopped, also after the
// server was away, or the page was closed and the same file is chosen again.
const PIECE_BYTES = 4_000_000;
const PATIENCE_MS = 120_000;

export async function send(file, wanted, signal, { began, moved, waits }) {
  const { id, offset } = await steadily(signal, waits, () =>
    call("/api/uploads", {
      method: "POST",
      signal,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        name: file.name,
        bytes: file.size,
        modified_ms: file.lastModified,
        ...wanted,
      }),
    }),
  );
  began(id);
  let sent = offset;
  for (;;) {
    moved(sent);
    const { offset: now, job } = await steadily(signal, waits, async () => {
      try {
        return await call(`/api/uploads/${id}?offset=${sent}`, {
          method: "PUT",
          signal,
          body: file.slice(sent, sent + PIECE_BYTES),
        });
      } catch (error) {
        if (error.offset === undefined) throw error;
        return { offset: error.offset }; // more, or less, is there than we thought
      }
    });
    if (job) return job;
    sent = now;
  }
}

export const giveUp = (id) => fetch(`/api/uploads/${id}`, { method: "DELETE" });

export async function call(address, how) {
  const answer = await fetch(address, how);
  if (answer.ok) return answer.json();
  const { error, detail } = await answer.json().catch(() => ({}));
  const said = typeof detail === "string" ? detail : "The server did not take it.";
  const refused = new Error(error ?? said);
  refused.isLater = answer.status === 408 || answer.status === 503;
  if (answer.status === 409) {
    const offset = answer.headers.get("Upload-Offset");
    if (offset === null) refused.isLater = true;
    else refused.offset = Number(offset);
  }
  throw refused;
}

// Tries again for a while what fails because nobody answers.
export async function steadily(signal, waits, attempt) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      const isPassing = error instanceof TypeError || error.isLater;
      if (signal.aborted || !isPassing || performance.now() > giveUpAt) throw error;
      waits("The server does not answer. Trying again.");
      await new Promise((go) => setTimeout(go, pause));
    }
  }
}
