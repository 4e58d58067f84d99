"""Writes and reads application/vnd.seawall.records (docs/http-records.md). Needs nothing but Python."""
import io
import struct


def _bytes(data):
    return struct.pack(">i", -1) if data is None else struct.pack(">i", len(data)) + data


def frame(key, value, headers=()):
    """Returns the frame that appends a record; headers are pairs of a name and bytes."""
    content = b"\x01" + _bytes(key) + _bytes(value) + struct.pack(">i", len(headers))
    content += b"".join(_bytes(name.encode()) + _bytes(data) for name, data in headers)
    return struct.pack(">i", len(content)) + content


def read(answer):
    """Yields (lsn, term, timestamp_ms, key, value, headers) of each record; raises an error if the answer ends too early."""
    while True:
        length, kind = struct.unpack(">ib", answer.read(5))
        content = io.BytesIO(answer.read(length - 1))
        number = lambda: struct.unpack(">i", content.read(4))[0]
        data = lambda: (lambda size: None if size < 0 else content.read(size))(number())
        if kind == 3:  # the end: next, tail, oldest
            return struct.unpack(">qqq", content.read())
        if kind == 4:
            raise IOError(content.read().decode())
        position = struct.unpack(">qqq", content.read(24))
        key, value = data(), data()
        yield *position, key, value, [(data().decode(), data()) for _ in range(number())]
