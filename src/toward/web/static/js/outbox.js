// What this browser keeps for its person while no server can be reached: their public key, and sealed check-ins in the
// order in which they were made. Nothing here can be read with what is here. The other half is vault/outbox.py.
//
// Loaded by pages as a module and by the worker as a plain script, so it exports nothing and hangs itself on `self`.

(() => {
  const NAME = "toward";
  const PAGE = 4096; // every note is as long as the next, unless somebody wrote very much

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("person");
        request.result.createObjectStore("notes", { autoIncrement: true }); // its keys are the order
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function using(store, mode, work, held) {
    const base = held ?? await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(store, mode, { durability: "strict" });
        const request = work(transaction.objectStore(store));
        if (held) transaction.commit(); // so that it is done even if this page is not there any more
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      if (!held) base.close();
    }
  }

  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

  // `me` is {person, key}, both in hexadecimal digits.
  const me = () => using("person", "readonly", (store) => store.get("me"));
  // A page forgets in its last moment, when there is no time left to open anything: it holds what it opened before.
  const forget = (held) => using("person", "readwrite", (store) => store.delete("me"), held);
  async function know(person, key) {
    const known = await me();
    if (known?.person !== person || known.key !== key) {
      await using("person", "readwrite", (store) => store.put({ person, key }, "me"));
    }
  }

  function seal(key, text) {
    const plain = new TextEncoder().encode(text);
    const padded = new Uint8Array(Math.ceil(plain.length / PAGE) * PAGE).fill(0x20); // JSON does not mind spaces
    padded.set(plain);
    const once = nacl.box.keyPair();
    const nonce = nacl.randomBytes(nacl.box.nonceLength);
    const box = nacl.box(padded, nonce, unhex(key), once.secretKey);
    const sealed = new Uint8Array(once.publicKey.length + nonce.length + box.length);
    sealed.set(once.publicKey);
    sealed.set(nonce, once.publicKey.length);
    sealed.set(box, once.publicKey.length + nonce.length);
    return sealed;
  }

  // Seals a filled-in form to whoever was here last, on their clock. False where that is nobody.
  async function put(form, now = new Date()) {
    const whose = await me();
    if (!whose) return false;
    const id = hex(crypto.getRandomValues(new Uint8Array(16)));
    const note = { id, at_ms: now.getTime(), tz_min: -now.getTimezoneOffset(), form };
    const sealed = seal(whose.key, JSON.stringify(note));
    await using("notes", "readwrite", (store) => store.add({ person: whose.person, id, sealed }));
    return true;
  }

  async function waiting(person) {
    const all = await using("notes", "readonly", (store) => store.getAll());
    return all.filter((note) => note.person === person);
  }

  async function drop(ids) {
    const gone = new Set(ids);
    await using("notes", "readwrite", (store) => {
      store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        if (gone.has(cursor.value.id)) cursor.delete();
        cursor.continue();
      };
    });
  }

  self.outbox = { open, me, know, forget, seal, put, waiting, drop };
})();
