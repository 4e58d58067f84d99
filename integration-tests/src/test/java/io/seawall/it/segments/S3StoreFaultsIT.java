package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.s3.S3SegmentStore;
import io.seawall.flusher.s3.S3Settings;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.it.s3.S3Server;
import io.seawall.it.s3.StoreFault;
import io.seawall.it.s3.StoreFaultProxy;
import io.seawall.it.s3.StoreFaultProxy.Request;
import io.seawall.wal.OperatorException;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How a segment store behaves when S3 fails: it retries by itself, within limits; it never reports PUBLISHED for an object
 * that does not exist; there is never a second object; and the same call works once the store works again.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("full")
class S3StoreFaultsIT {
    private static final PChannel ORDERS = new PChannel("orders", 3);
    private static final SegmentKey KEY = new SegmentKey(ORDERS, 1042);
    private static final String NAME = "root/orders/3/00000000000000001042.avro";
    private static final S3Settings.Timeouts SHORT =
            new S3Settings.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(20));
    private static final int FOREVER = Integer.MAX_VALUE;
    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static S3Server server;

    @TempDir
    private Path folder;

    private final String bucket = "faults-" + BUCKETS.incrementAndGet();
    private final byte[] content = new byte[400_000];
    private Path file;
    private StoreFaultProxy proxy;
    private S3SegmentStore store;

    @BeforeAll
    static void startServer(@TempDir Path data) {
        server = S3Server.start(data);
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        new Random(7).nextBytes(content);
        file = Files.write(folder.resolve("content"), content);
        server.bucket(bucket);
        proxy = StoreFaultProxy.before(server.endpoint());
        store = S3Stores.open(proxy.endpoint(), bucket, "root", SHORT);
        proxy.forget();
    }

    @AfterEach
    void close() {
        store.close();
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource({
        "500,InternalError",
        "503,ServiceUnavailable",
        "503,SlowDown",
        "429,TooManyRequests",
        "409,ConditionalRequestConflict"
    })
    void triesAPutAgainThatTheStoreDidNotDo(int status, String code) throws Exception {
        var strike = proxy.strike(new StoreFault.Answer(status, code), 2, "PUT");

        var result = store.publish(KEY, file);

        assertThat(strike.count()).isEqualTo(2);
        assertThat(result).isEqualTo(PutResult.PUBLISHED);
        assertOneWholeObject();
    }

    @Test
    void givesUpWithTheObjectsNameAndResumesOnceTheStoreIsWell() throws Exception {
        var strike = proxy.strike(new StoreFault.Answer(500, "InternalError"), FOREVER, request -> true);

        assertThatThrownBy(() -> store.publish(KEY, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("s3://" + bucket + "/" + NAME)
                .hasMessageContaining("500 InternalError");
        assertThatThrownBy(() -> store.open(KEY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NAME);
        assertThatThrownBy(() -> store.last(ORDERS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("root/orders/3/");
        assertThat(strike.count()).as("a bounded number of attempts").isBetween(3, 15);
        assertThat(objects()).isZero();

        proxy.heal();
        assertThat(store.publish(KEY, file)).isEqualTo(PutResult.PUBLISHED);
        assertThat(store.last(ORDERS)).hasValue(KEY);
        assertOneWholeObject();
    }

    @Test
    void aLostAnswerToAPutThatWasDoneIsNotASecondPut() throws Exception {
        var strike = proxy.strike(new StoreFault.LoseAnswer(), 1, "PUT");

        var result = store.publish(KEY, file);

        assertThat(strike.count()).isEqualTo(1);
        assertThat(result).as("a reader of the object sees who put it").isEqualTo(PutResult.EXISTS);
        assertThat(proxy.requests())
                .filteredOn(request -> request.method().equals("PUT"))
                .hasSize(2);
        assertOneWholeObject();
    }

    @Test
    void allAnswersLostIsAnErrorAndTheObjectIsThere() throws Exception {
        proxy.strike(new StoreFault.LoseAnswer(), FOREVER, "PUT");

        assertThatThrownBy(() -> store.publish(KEY, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NAME);

        proxy.heal();
        assertThat(store.publish(KEY, file)).isEqualTo(PutResult.EXISTS);
        assertOneWholeObject();
    }

    @Test
    void aPutThatBreaksOffLeavesNothingAndIsTriedAgain() throws Exception {
        var strike = proxy.strike(new StoreFault.CutRequest(150_000), 2, "PUT");

        var result = store.publish(KEY, file);

        assertThat(strike.count()).isEqualTo(2);
        assertThat(result).isEqualTo(PutResult.PUBLISHED);
        assertOneWholeObject();
    }

    @Test
    void aPutThatAlwaysBreaksOffLeavesNothing() {
        proxy.strike(new StoreFault.CutRequest(150_000), FOREVER, "PUT");

        assertThatThrownBy(() -> store.publish(KEY, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NAME);

        assertThat(objects()).isZero();
    }

    @Test
    void aPutThatHangsIsTriedAgain() throws Exception {
        var strike = proxy.strike(new StoreFault.Delay(Duration.ofSeconds(4)), 1, "PUT");

        var result = store.publish(KEY, file);

        assertThat(strike.count()).isEqualTo(1);
        assertThat(result).isEqualTo(PutResult.PUBLISHED);
        assertOneWholeObject();
    }

    @Test
    void aStoreThatSaysNothingIsGivenUpAndComesBack() throws Exception {
        server.pause();
        try {
            assertThatThrownBy(() -> store.publish(KEY, file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(NAME);
        } finally {
            server.resume();
        }

        // The paused server may have received one of the attempts, and may complete it now.
        assertThat(store.publish(KEY, file)).isIn(PutResult.PUBLISHED, PutResult.EXISTS);
        assertOneWholeObject();
    }

    @Test
    void aKilledStoreIsAnErrorAndComesBackWithWhatItSaidWasThere() throws Exception {
        store.publish(KEY, file);
        server.kill();
        try {
            assertThatThrownBy(() -> store.open(KEY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(NAME);
        } finally {
            server.restart();
        }

        assertThat(store.last(ORDERS)).hasValue(KEY);
        assertOneWholeObject();
    }

    @Test
    void whatIsForbiddenSaysSoAndWorksOnceItIsAllowed() throws Exception {
        var strike = proxy.strike(new StoreFault.Answer(403, "AccessDenied"), FOREVER, "PUT");

        assertThatThrownBy(() -> store.publish(KEY, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NAME)
                .hasMessageContaining("403 AccessDenied");
        assertThat(strike.count()).as("not retried").isEqualTo(1);

        proxy.heal();
        assertThat(store.publish(KEY, file)).isEqualTo(PutResult.PUBLISHED);
        assertOneWholeObject();
    }

    @Test
    void readsOnWhereTheConnectionBroke() throws Exception {
        store.publish(KEY, file);
        var strike = proxy.strike(new StoreFault.CutAnswer(90_000), 3, "GET");

        try (var in = store.open(KEY, 1000)) {
            var read = in.readAllBytes();

            assertThat(strike.count()).isEqualTo(3);
            assertThat(read).isEqualTo(Arrays.copyOfRange(content, 1000, content.length));
        }
    }

    @Test
    void givesUpReadingWhatAlwaysBreaksAndNeverEndsEarly() throws Exception {
        store.publish(KEY, file);
        proxy.strike(new StoreFault.CutAnswer(1_000), FOREVER, "GET");

        try (var in = store.open(KEY)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("s3://" + bucket + "/" + NAME);
        }

        proxy.heal();
        assertOneWholeObject();
    }

    @Test
    void neverMixesTwoContentsWhenAnObjectIsReplacedWhileItIsRead() throws Exception {
        store.publish(KEY, file);
        var strike = proxy.strike(new StoreFault.CutAnswer(90_000), 1, "GET");

        try (var in = store.open(KEY)) {
            in.readNBytes(50_000);
            store.delete(KEY);
            store.publish(KEY, Files.write(folder.resolve("other"), new byte[content.length]));

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining(NAME);
            assertThat(strike.count()).isEqualTo(1);
        }
    }

    @Test
    void aListThatBreaksOffIsTriedAgainAndNeverShort() throws Exception {
        for (var lsn = 0; lsn < 20; lsn++) {
            store.publish(new SegmentKey(ORDERS, lsn), file);
        }
        var strike = proxy.strike(new StoreFault.CutAnswer(700), 1, Request::isList);

        var keys = store.list(ORDERS, -1);

        assertThat(strike.count()).isEqualTo(1);
        assertThat(keys).hasSize(20);
    }

    @Test
    void remembersWhereTheLastWasAndLooksFromThere() throws Exception {
        plantSegments(2_500);

        var first = store.last(ORDERS);
        proxy.forget();
        var again = store.last(ORDERS);

        assertThat(first).hasValue(new SegmentKey(ORDERS, 2_499)).isEqualTo(again);
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void refusesAStoreThatPaysNoAttentionToTheCondition(@TempDir Path data) throws Exception {
        try (var open = S3Server.startOpen(data);
                var careless = StoreFaultProxy.before(open.endpoint())) {
            var objects = open.bucket("careless");
            careless.strike(new StoreFault.DropCondition(), FOREVER, "PUT");

            assertThatThrownBy(() -> S3Stores.open(careless.endpoint(), "careless", "root", SHORT))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("s3://careless/root")
                    .hasMessageContaining("If-None-Match")
                    .hasMessageContaining("'second'")
                    .hasMessageContaining("segments.root");
            try (var left = Files.walk(objects)) {
                assertThat(left.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    @Test
    void refusesAStoreThatRefusesUs() {
        proxy.strike(new StoreFault.Answer(403, "AccessDenied"), FOREVER, "PUT");

        assertThatThrownBy(() -> S3Stores.open(proxy.endpoint(), bucket, "root", SHORT))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("403 AccessDenied")
                .hasMessageContaining("s3:PutObject");
    }

    @Test
    void refusesABucketThatIsNotThere() {
        assertThatThrownBy(() -> S3Stores.open(proxy.endpoint(), "nobodys-bucket", "root", SHORT))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("NoSuchBucket")
                .hasMessageContaining("create the bucket");
    }

    @Test
    void opensWithoutAStoreAndProbesItBeforeTheFirstPut() throws Exception {
        proxy.strike(new StoreFault.Answer(503, "ServiceUnavailable"), FOREVER, request -> true);
        try (var early = S3Stores.open(proxy.endpoint(), bucket, "root", SHORT)) {
            assertThatThrownBy(() -> early.publish(KEY, file)).isInstanceOf(IOException.class);
            proxy.heal();
            proxy.forget();

            assertThat(early.publish(KEY, file)).isEqualTo(PutResult.PUBLISHED);

            assertThat(proxy.requests().get(0).target()).contains("/.probe-");
            assertOneWholeObject();
        }
    }

    @Test
    void leavesChecksumsAwayWhereAStoreRefusesThem() throws Exception {
        var settings = new S3Settings(
                bucket, "root", S3Stores.connection(proxy.endpoint(), S3Settings.Checksum.WHEN_REQUIRED), SHORT);
        try (var plain = S3SegmentStore.open(settings, new SecureRandom())) {
            assertThat(plain.publish(KEY, file)).isEqualTo(PutResult.PUBLISHED);
        }
        assertOneWholeObject();
    }

    @Test
    void aNameThatNobodyKnowsIsAStoreThatMayComeBack() throws Exception {
        var nowhere = URI.create("http://127.0.0.1:1");
        try (var early = S3Stores.open(nowhere, bucket, "root", SHORT)) {
            assertThatThrownBy(() -> early.last(ORDERS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("s3://" + bucket + "/root/orders/3/");
        }
    }

    private void plantSegments(int count) throws IOException {
        var log = Files.createDirectories(server.bucket(bucket).resolve("root/orders/3"));
        for (var lsn = 0; lsn < count; lsn++) {
            Files.createFile(log.resolve(new SegmentKey(ORDERS, lsn).fileName()));
        }
    }

    private long lists() {
        return proxy.requests().stream().filter(Request::isList).count();
    }

    private long objects() {
        try (var files = Files.walk(server.bucket(bucket))) {
            return files.filter(file -> file.toString().endsWith(".avro")).count();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private void assertOneWholeObject() throws IOException {
        assertThat(objects()).isEqualTo(1);
        assertThat(server.bucket(bucket).resolve(NAME)).hasBinaryContent(content);
        try (var in = store.open(KEY)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }
}
