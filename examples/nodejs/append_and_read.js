// Appends to a log over gRPC, reads it back and goes on where it stopped: append_and_read.js HOST:PORT LOG.
// Needs only gRPC and seawall/v1/log.proto, which it loads. Ends with 1 if anything is not as it should be.
'use strict';
const path = require('path');
const { randomUUID } = require('crypto');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const DEADLINE_MS = 30_000; // of each call: nothing here waits for ever
const BATCHES = 5; // as many as a session may have without an answer
const RECORDS = 2; // of each batch

// LSNs have 64 bits, and numbers of JavaScript lose digits above 2^53: so they come as texts and become BigInts.
const definition = protoLoader.loadSync('seawall/v1/log.proto', {
  includeDirs: [path.join(__dirname, '../../api/src/main/proto')],
  keepCase: true,
  longs: String,
  defaults: true,
  oneofs: true,
});
const { LogService } = grpc.loadPackageDefinition(definition).seawall.v1;
const connect = (address) => new LogService(address, grpc.credentials.createInsecure());
const deadline = () => ({ deadline: Date.now() + DEADLINE_MS });

function check(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

// Batch number seq. The same number always stands for the same records, so it can be sent again.
function batch(seq) {
  const records = Array.from({ length: RECORDS }, (_, i) => ({
    key: Buffer.from('nodejs'),
    value: Buffer.from(`record ${seq}.${i}`),
  }));
  return { records, seq };
}

// One call of Append: answers come in the order of the batches.
class Appends {
  constructor(client, log, session) {
    this.call = client.Append(deadline());
    this.answers = this.call[Symbol.asyncIterator]();
    this.call.write({ open: { pchannel: log, writer_id: session } });
  }

  async opened() {
    return (await this.answers.next()).value.opened;
  }

  send(seq) {
    this.call.write({ batch: batch(seq) });
  }

  // The acknowledgement of the oldest batch without an answer.
  async answer() {
    const { value } = await this.answers.next();
    check(value && value.kind === 'ack', `a batch was refused: ${value && value.problem && value.problem.message}`);
    const { first, last, repeated } = value.ack;
    return { first: BigInt(first), last: BigInt(last), repeated };
  }

  async close() {
    this.call.end(); // no more batches
    check((await this.answers.next()).done, 'there is an answer without a batch');
  }
}

// Appends some batches, one of them twice. Returns the values by LSN.
async function append(client, log) {
  const session = `nodejs-${randomUUID()}`;
  const appends = new Appends(client, log, session);
  const opened = await appends.opened();
  console.log(`opened ${log} at term ${opened.term}, tail ${opened.tail}, as the session ${session}`);
  for (let seq = 0; seq < BATCHES; seq++) appends.send(seq); // all are under way at once
  const acks = [];
  for (let seq = 0; seq < BATCHES; seq++) acks.push(await appends.answer());
  for (const { first, last, repeated } of acks) {
    check(last - first === BigInt(RECORDS - 1) && !repeated, `unexpected answer to a new batch: ${first} to ${last}`);
  }
  console.log(`appended ${BATCHES} batches of ${RECORDS} records, LSN ${acks[0].first} to ${acks[BATCHES - 1].last}`);

  // What a client does whose connection broke before the answer came.
  appends.send(2);
  const again = await appends.answer();
  check(again.repeated, 'the node wrote batch 2 again');
  check(again.first === acks[2].first && again.last === acks[2].last, `batch 2 was at ${acks[2].first}, now at ${again.first}`);
  console.log(`sent batch 2 again: the node says it was repeated, still LSN ${again.first} to ${again.last}`);
  await appends.close();
  return new Map(acks.flatMap(({ first }, seq) => batch(seq).records.map((record, i) => [first + BigInt(i), record.value])));
}

// Reads some records from an LSN on, then leaves the call, which would go on for ever.
async function read(client, log, start, count) {
  const call = client.Read({ pchannel: log, lsn: String(start) }, deadline());
  call.on('error', () => {}); // the cancellation below; an earlier error ends the loop
  const found = [];
  for await (const { records } of call) {
    for (const { lsn, value } of records) found.push({ lsn: BigInt(lsn), value });
    if (found.length >= count) break;
  }
  call.cancel();
  return found.slice(0, count);
}

// Any node knows the owner, which is the one to append to.
function ownerOf(client, log) {
  return new Promise((resolve, reject) =>
    client.Describe({ pchannel: log }, deadline(), (error, answer) => (error ? reject(error) : resolve(answer.log.owner_grpc))));
}

async function main(address, log) {
  const client = connect(address);
  const owner = connect((await ownerOf(client, log)) || address);
  const written = await append(owner, log);
  owner.close();

  const lsns = [...written.keys()];
  const first = lsns[0];
  const count = Number(lsns[lsns.length - 1] - first) + 1; // others may append meanwhile
  const half = await read(client, log, first, Math.floor(count / 2));
  const stopped = half[half.length - 1].lsn;
  console.log(`read LSN ${first} to ${stopped} and stopped`);
  const rest = await read(client, log, stopped + 1n, count - half.length);
  console.log(`went on at LSN ${rest[0].lsn}, up to ${rest[rest.length - 1].lsn}`);
  client.close();

  const found = [...half, ...rest];
  check(found.length === count, `read ${found.length} records, expected ${count}`);
  found.forEach(({ lsn, value }, i) => {
    check(lsn === first + BigInt(i), `LSN ${lsn} where ${first + BigInt(i)} was expected`);
    check(!written.has(lsn) || value.equals(written.get(lsn)), `LSN ${lsn} has the value ${value}`);
  });
  console.log(`nodejs: ${written.size} records of ${log} are there, each once and in order`);
}

if (process.argv.length !== 4) {
  console.error('usage: append_and_read.js HOST:PORT LOG');
  process.exit(2);
}
main(process.argv[2], process.argv[3]).catch((error) => {
  console.error(`nodejs: ${error.message}`);
  process.exit(1);
});
