"""Appends to a log over gRPC, reads it back and goes on where it stopped: append_and_read.py HOST:PORT LOG.

Needs only gRPC and the classes that protoc makes of seawall/v1/log.proto. Ends with 1 if anything is not as it should be.
"""
import queue
import sys
import uuid

import grpc

from seawall.v1 import log_pb2, log_pb2_grpc

DEADLINE_S = 30  # of each call: nothing here waits for ever
BATCHES = 5  # as many as a session may have without an answer
RECORDS = 2  # of each batch


def check(holds, otherwise):
    if not holds:
        sys.exit(f"python: {otherwise}")


def batch(seq):
    """Returns batch number seq. The same number always stands for the same records, so it can be sent again."""
    records = [log_pb2.WalRecord(key=b"python", value=f"record {seq}.{i}".encode()) for i in range(RECORDS)]
    return log_pb2.AppendBatch(records=records, seq=seq)


class Appends:
    """One call of Append: requests go into a queue, answers come in the order of the batches."""

    def __init__(self, stub, log, session):
        self._requests = queue.SimpleQueue()
        self._answers = stub.Append(iter(self._requests.get, None), timeout=DEADLINE_S)
        self._requests.put(log_pb2.AppendRequest(open=log_pb2.AppendOpen(pchannel=log, writer_id=session)))
        self.opened = next(self._answers).opened

    def send(self, seq):
        self._requests.put(log_pb2.AppendRequest(batch=batch(seq)))

    def answer(self):
        """Returns the acknowledgement of the oldest batch without an answer."""
        answer = next(self._answers)
        check(answer.WhichOneof("kind") == "ack", f"a batch was refused: {answer.problem.message}")
        return answer.ack

    def close(self):
        self._requests.put(None)  # no more batches
        check(not list(self._answers), "there is an answer without a batch")


def append(stub, log):
    """Appends some batches, one of them twice. Returns the values by LSN."""
    session = f"python-{uuid.uuid4()}"
    appends = Appends(stub, log, session)
    print(f"opened {log} at term {appends.opened.term}, tail {appends.opened.tail}, as the session {session}")
    for seq in range(BATCHES):  # all are under way at once
        appends.send(seq)
    acks = [appends.answer() for _ in range(BATCHES)]
    for ack in acks:
        check(ack.last - ack.first == RECORDS - 1 and not ack.repeated, f"unexpected answer to a new batch: {ack}")
    print(f"appended {BATCHES} batches of {RECORDS} records, LSN {acks[0].first} to {acks[-1].last}")

    # What a client does whose connection broke before the answer came.
    appends.send(2)
    again = appends.answer()
    check(again.repeated, f"the node wrote batch 2 again: {again}")
    check((again.first, again.last) == (acks[2].first, acks[2].last), f"batch 2 had {acks[2]}, its repetition {again}")
    print(f"sent batch 2 again: the node says it was repeated, still LSN {again.first} to {again.last}")
    appends.close()
    return {ack.first + i: record.value for seq, ack in enumerate(acks) for i, record in enumerate(batch(seq).records)}


def read(stub, log, start, count):
    """Reads some records from an LSN on, then leaves the call, which would go on for ever. Returns [(lsn, value)]."""
    answers = stub.Read(log_pb2.ReadRequest(pchannel=log, lsn=start), timeout=DEADLINE_S)
    found = []
    for answer in answers:
        found += [(record.lsn, record.value) for record in answer.records]
        if len(found) >= count:
            break
    answers.cancel()
    return found[:count]


def main(address, log):
    with grpc.insecure_channel(address) as channel:
        # Any node knows the owner, which is the one to append to.
        owner = log_pb2_grpc.LogServiceStub(channel).Describe(log_pb2.DescribeRequest(pchannel=log), timeout=DEADLINE_S).log
        with grpc.insecure_channel(owner.owner_grpc or address) as to_owner:
            written = append(log_pb2_grpc.LogServiceStub(to_owner), log)

        stub = log_pb2_grpc.LogServiceStub(channel)
        first, count = min(written), max(written) - min(written) + 1  # others may append meanwhile
        half = read(stub, log, first, count // 2)
        print(f"read LSN {first} to {half[-1][0]} and stopped")
        rest = read(stub, log, half[-1][0] + 1, count - len(half))
        print(f"went on at LSN {rest[0][0]}, up to {rest[-1][0]}")

    found = half + rest
    check([lsn for lsn, _ in found] == list(range(first, first + count)), f"not one LSN after the other: {found}")
    check({lsn: value for lsn, value in found if lsn in written} == written, f"read {found}, expected {written}")
    print(f"python: {len(written)} records of {log} are there, each once and in order")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: append_and_read.py HOST:PORT LOG")
    try:
        main(sys.argv[1], sys.argv[2])
    except grpc.RpcError as e:
        sys.exit(f"python: {e.code().name}: {e.details()}")
