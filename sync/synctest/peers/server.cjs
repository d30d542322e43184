// Serves express-pouchdb over HTTPS on this machine. Says {"port":…} on its first line and, when its input ends,
// {"requests":…,"docs":…} on its last.
const fs = require('fs'), https = require('https'), path = require('path');
const PouchDB = require('pouchdb'), express = require('express');
const dir = process.argv[2];
const Server = PouchDB.defaults({ prefix: path.join(dir, 'server-') });
const app = express();
let requests = 0;
app.use((req, res, next) => { requests++; next(); });
app.use('/', require('express-pouchdb')(Server, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: path.join(dir, 'log.txt') }));
const server = https.createServer({ key: fs.readFileSync(path.join(dir, 'key.pem')), cert: fs.readFileSync(path.join(dir, 'cert.pem')),
  minVersion: 'TLSv1.3', keepAliveTimeout: 120000 }, app);
server.on('error', () => {});
process.on('uncaughtException', (e) => { console.error('server:', e.message); }); // without this a reset connection ends the process
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.on('end', async () => {
  const info = await new Server('campaign').info();
  console.log(JSON.stringify({ requests, docs: info.doc_count }));
  process.exit(0);
});
process.stdin.resume();
