package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer.Acknowledged;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A producer's records in flight: batched, numbered, at most five batches at a time, repeated in order when the connection
 * breaks. When a batch fails permanently, the batches after it are renumbered and sent, as Kafka's client does, so that a
 * record can be acknowledged although an earlier one failed.
 */
final class SendQueue {
    private static final int IN_FLIGHT = 5;
    private static final int LARGEST_BATCH = 8;
    private static final long BACKOFF_US = 10_000;

    private final SimKafka kafka;
    private final SimProcess process;
    private final long deliveryUs;
    private final Owner owner;
    private final Connection connection;
    private final Deque<Item> unsent = new ArrayDeque<>();
    private final List<Flight> flights = new ArrayList<>(); // in the order of their numbers
    private ProducerIdentity identity = ProducerIdentity.NONE;
    private int nextSequence;
    private boolean unresolved; // a batch that may be in the log timed out: nothing new is sent
    private boolean drainScheduled;
    private boolean closed;
    private @Nullable Runnable whenEmpty;

    /** The producer. */
    interface Owner {
        void produce(Connection connection, SimPartition.Produce batch, Consumer<Answer> answered, Runnable lost);

        String transactionalId();

        /** A batch was rejected: changes the producer's state. */
        LaneFault refused(Code code);

        /** A batch waited too long. */
        LaneFault expired();
    }

    private record Item(Outgoing record, Acknowledged callback, long expiresUs) {}

    /** A batch that was sent at least once. */
    private static final class Flight {
        private final List<Item> items;
        private int sequence;
        private boolean underWay;

        Flight(List<Item> items, int sequence) {
            this.items = items;
            this.sequence = sequence;
        }
    }

    SendQueue(SimKafka kafka, SimProcess process, long deliveryUs, Owner owner) {
        this.kafka = kafka;
        this.process = process;
        this.deliveryUs = deliveryUs;
        this.owner = owner;
        this.connection = kafka.connect(process);
    }

    /** Starts a new transaction with its own numbers. */
    void startOver(ProducerIdentity with) {
        identity = with;
        nextSequence = 0;
    }

    void add(Outgoing record, Acknowledged callback) {
        unsent.add(new Item(record, callback, kafka.loop().nowUs() + deliveryUs));
        kafka.events().sending(process, owner.transactionalId(), unacknowledged());
        process.after(deliveryUs / 1_000 + 1, this::expire);
        drainSoon(kafka.faults().between(1, 300));
    }

    private Stream<Outgoing> unacknowledged() {
        return Stream.concat(flights.stream().flatMap(flight -> flight.items.stream()), unsent.stream())
                .map(Item::record);
    }

    boolean isEmpty() {
        return unsent.isEmpty() && flights.isEmpty();
    }

    void whenEmpty(Runnable task) {
        whenEmpty = task;
    }

    private void drainSoon(long inUs) {
        if (!drainScheduled) {
            drainScheduled = true;
            kafka.loop()
                    .after(
                            inUs,
                            () -> process.run(() -> {
                                drainScheduled = false;
                                drain();
                            }));
        }
    }

    private void drain() {
        if (closed) {
            return;
        }
        for (var flight : List.copyOf(flights)) {
            if (!flight.underWay) {
                transmit(flight);
            }
        }
        while (!unresolved && !unsent.isEmpty() && flights.size() < IN_FLIGHT) {
            var size = 1 + kafka.faults().random().nextInt(Math.min(LARGEST_BATCH, unsent.size()));
            var items = new ArrayList<Item>(size);
            while (items.size() < size) {
                items.add(unsent.remove());
            }
            var flight = new Flight(items, nextSequence);
            nextSequence += size;
            flights.add(flight);
            transmit(flight);
        }
    }

    private void transmit(Flight flight) {
        flight.underWay = true;
        var sent = flight.sequence;
        var records = flight.items.stream().map(Item::record).toList();
        var batch = new SimPartition.Produce(owner.transactionalId(), identity, sent, records);
        owner.produce(connection, batch, answer -> answered(flight, sent, answer), () -> repeat(flight));
    }

    private void repeat(Flight flight) {
        flight.underWay = false;
        drainSoon(kafka.faults().between(BACKOFF_US, 5 * BACKOFF_US));
    }

    private void answered(Flight flight, int sentAs, Answer answer) {
        if (closed || !flights.contains(flight)) {
            return;
        }
        kafka.trace()
                .add(() -> process.name() + " " + owner.transactionalId() + " seq " + sentAs + ": " + answer.code()
                        + " " + answer.offset());
        if (answer.code() == Code.OK) {
            flights.remove(flight);
            for (var index = 0; index < flight.items.size(); index++) {
                flight.items.get(index).callback().on(answer.offset() + index, null);
            }
            settled();
        } else if (answer.code().isRetried() || flight.sequence != sentAs) {
            repeat(flight);
        } else if (answer.code() == Code.MESSAGE_TOO_LARGE && flight.items.size() > 1) {
            split(flight);
        } else {
            flights.remove(flight);
            renumber(flight);
            var fault = owner.refused(answer.code());
            flight.items.forEach(item -> item.callback().on(-1, fault));
            settled();
        }
    }

    /** Sends the records again one by one, under the same numbers. */
    private void split(Flight flight) {
        var at = flights.indexOf(flight);
        flights.remove(at);
        for (var index = 0; index < flight.items.size(); index++) {
            flights.add(at + index, new Flight(List.of(flight.items.get(index)), flight.sequence + index));
        }
        drainSoon(0);
    }

    private void renumber(Flight failed) {
        for (var later : flights) {
            if (later.sequence > failed.sequence) {
                later.sequence -= failed.items.size();
            }
        }
        nextSequence -= failed.items.size();
    }

    private void expire() {
        var nowUs = kafka.loop().nowUs();
        var expired = new ArrayList<Item>();
        for (var flight : List.copyOf(flights)) {
            if (flight.items.get(0).expiresUs() <= nowUs) {
                flights.remove(flight);
                unresolved = true;
                expired.addAll(flight.items);
            }
        }
        while (!unsent.isEmpty() && unsent.element().expiresUs() <= nowUs) {
            expired.add(unsent.remove());
        }
        if (!expired.isEmpty()) {
            var fault = owner.expired();
            expired.forEach(item -> item.callback().on(-1, fault));
            settled();
        }
    }

    private void settled() {
        if (closed) {
            return; // closed by a callback
        }
        var task = whenEmpty;
        if (isEmpty() && task != null) {
            whenEmpty = null;
            task.run();
        } else {
            drainSoon(0);
        }
    }

    /** Stops sending and fails unacknowledged records, in the order of sending. */
    void failAll(LaneFault fault) {
        var left = new ArrayList<Item>();
        flights.forEach(flight -> left.addAll(flight.items));
        flights.clear();
        failLater(left, fault);
    }

    /**
     * Continues with what was sent, and fails the rest with the error that another record met, as Kafka's client does, although
     * the record's own size is not the cause.
     */
    void failUnsent(LaneFault fault) {
        failLater(new ArrayList<>(), fault);
    }

    private void failLater(List<Item> left, LaneFault fault) {
        left.addAll(unsent);
        unsent.clear();
        process.execute(() -> left.forEach(item -> item.callback().on(-1, fault)));
    }

    void close(LaneFault fault) {
        closed = true;
        connection.close();
        failAll(fault);
    }
}
