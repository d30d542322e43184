// Pushes documents, one JSON line each on standard input, to the database at URL: client.cjs DIR URL SPEED BATCH. Says
// {"seconds":…,"tries":…,"written":…,"nothing":…} when all are there: real seconds, replications begun, documents sent, and the
// seconds of one more push that has nothing to send. SPEED divides the waits between tries, as the line is so many times faster.
const https = require('https'), path = require('path'), readline = require('readline');
const PouchDB = require('pouchdb');
const [dir, url, speed, batch] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxCachedSessions: 10 });
const fetch = (u, o) => PouchDB.fetch(u, Object.assign({}, o, { agent }));
process.on('uncaughtException', (e) => { console.error('client:', e.message); }); // a reset connection would end the process
const wait = (ms) => new Promise((go) => setTimeout(go, ms));

async function push(db, remote) {
  let tries = 0, written = 0;
  for (;;) {
    tries++;
    try {
      const r = await db.replicate.to(remote, { batch_size: batch, batches_limit: 4 });
      written += r.docs_written;
      if (r.ok) return { tries, written };
    } catch (e) {
      written += (e.result && e.result.docs_written) || 0;
    }
    await wait(1000 / speed);
  }
}

(async () => {
  const db = new PouchDB(path.join(dir, 'client'), { auto_compaction: true });
  const docs = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const d = JSON.parse(line);
    d._id = d.id; delete d.id;
    docs.push(d);
  }
  for (let i = 0; i < docs.length; i += 1000) await db.bulkDocs(docs.slice(i, i + 1000));
  const remote = new PouchDB(url, { fetch, skip_setup: false });
  console.log('"ready"');
  const began = process.hrtime.bigint();
  const { tries, written } = await push(db, remote);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(JSON.stringify({ seconds, tries, written }));
  const again = process.hrtime.bigint();
  await push(db, remote);
  console.log(JSON.stringify({ nothing: Number(process.hrtime.bigint() - again) / 1e9 }));
  process.exit(0);
})();
