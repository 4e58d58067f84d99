// Turns what avrocat writes (Avro's JSON encoding: bytes as text of code points 0 to 255) into what read.js writes.
'use strict';

const base64 = (union) => (union === null ? null : Buffer.from(union.bytes, 'latin1').toString('base64'));

for (const line of require('fs').readFileSync(0, 'utf8').split('\n')) {
    if (line !== '') {
        const record = JSON.parse(line);
        console.log(JSON.stringify({
            lsn: record.lsn,
            term: record.term,
            timestampMs: record.timestamp,
            key: base64(record.key),
            value: base64(record.value),
            headers: record.headers.map((header) => ({ key: header.key, value: base64(header.value) })),
        }));
    }
}
