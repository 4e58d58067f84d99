// Reads a segment with an npm library that knows nothing of Seawall, and writes its records as 'seawall segments cat --json' does.
// Usage: NODE_PATH=.../node_modules node read.js FILE.avro [SCHEMA.avsc]
// With a schema file it also checks that the file's schema is that one, and that the metadata agrees with the records.
'use strict';

const fs = require('fs');
const assert = require('assert');
const avro = require('avsc');

const [file, schemaFile] = process.argv.slice(2);
const base64 = (bytes) => (bytes === null ? null : bytes.toString('base64'));

let count = 0;
let last = null;
avro.createFileDecoder(file)
    .on('metadata', (type, codec, header) => {
        if (!schemaFile) {
            return;
        }
        const expected = avro.Type.forSchema(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));
        assert.deepStrictEqual(type.schema(), expected.schema(), 'the schema');
        const meta = (key) => header.meta[key].toString('utf8');
        process.on('exit', (code) => {
            if (code === 0) {
                assert.strictEqual(meta('seawall.format'), '1');
                assert.strictEqual(meta('seawall.kind'), 'records');
                assert.strictEqual(meta('seawall.records'), String(count));
                assert.strictEqual(meta('seawall.lsn.last'), String(last));
            }
        });
    })
    .on('data', (record) => {
        count++;
        last = record.lsn;
        process.stdout.write(JSON.stringify({
            lsn: record.lsn,
            term: record.term,
            timestampMs: record.timestamp,
            key: base64(record.key),
            value: base64(record.value),
            headers: record.headers.map((header) => ({ key: header.key, value: base64(header.value) })),
        }) + '\n');
    })
    .on('error', (error) => {
        console.error(String(error));
        process.exitCode = 1;
    });
