package io.seawall.coordinator.member;

import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.member.CommandQueue.Waiting;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A process as a member of the cluster. Each event is a task of one serial executor ({@link MemberSteps}); callers' threads only
 * put things into the {@link Inbox} and hand tasks over. It has no thread, no clock and no chance of its own: its owner calls
 * {@link #tick} about every 100 ms.
 */
public final class ClusterMember implements Cluster, AutoCloseable {
    private final MemberSettings settings;
    private final MemberPorts ports;
    private final MemberSteps steps;
    private final Inbox inbox = new Inbox();
    private final AtomicInteger commandsWaiting = new AtomicInteger();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates a member that does nothing before {@link #start}.
     *
     * @param settings its settings
     * @param ports what it needs from outside
     * @throws io.seawall.wal.WalException with {@link ErrorCode#INVALID} for names that no record can hold
     */
    public ClusterMember(MemberSettings settings, MemberPorts ports) {
        this.settings = settings;
        this.ports = ports;
        this.steps = new MemberSteps(settings, ports, this::execute);
    }

    /** Begins to follow the topic and joins the group. Called once. */
    public void start() {
        ports.topic().follow(this::onNews);
        ports.group().join(new GroupEvents());
    }

    private void onNews(List<News> news, boolean current) {
        execute(() -> steps.onNews(news, current));
    }

    /** Hands over what becomes of the membership. */
    private final class GroupEvents implements Group.Listener {
        @Override
        public void onJoined(String memberId) {
            execute(() -> steps.onJoined(memberId));
        }

        @Override
        public void onLost() {
            execute(steps::onLost);
        }

        @Override
        public void onElected() {
            execute(steps::onElected);
        }

        @Override
        public void onDeposed() {
            execute(steps::onDeposed);
        }
    }

    /** Lets time pass: does all that is due. To be called about every 100 ms, by any thread; does not block. */
    public void tick() {
        if (ticking.compareAndSet(false, true)) {
            execute(() -> {
                ticking.set(false);
                steps.proceed();
            });
        }
    }

    /** Returns whether the task will run; it does not once the executor has ended. */
    private boolean execute(Runnable task) {
        try {
            ports.executor().execute(() -> steps.run(task));
            return true;
        } catch (RejectedExecutionException ended) {
            if (!closed.get()) {
                throw ended;
            }
            return false;
        }
    }

    @Override
    public ClusterView view() {
        return steps.views().latest();
    }

    @Override
    public void addListener(Consumer<ClusterView> listener) {
        execute(() -> steps.views().add(listener));
    }

    @Override
    public CompletableFuture<Void> command(Command command) {
        if (commandsWaiting.incrementAndGet() > settings.limits().commands()) {
            commandsWaiting.decrementAndGet();
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.OVERLOADED, "change the cluster by " + command)
                    .found(settings.limits().commands() + " changes that wait")
                    .fix("try again later")
                    .exception());
        }
        var done = new CompletableFuture<Void>();
        var deadlineMs =
                ports.clock().get().elapsedMs() + settings.limits().command().toMillis();
        var waiting = new Waiting(command, done, deadlineMs);
        // Depends on it before it can complete.
        var counted = done.whenComplete((nothing, error) -> commandsWaiting.decrementAndGet());
        if (!execute(() -> steps.onCommand(waiting))) {
            done.completeExceptionally(CommandQueue.closing());
        }
        return counted;
    }

    @Override
    public Optional<Explanation> explain(PChannel pchannel) {
        return steps.coordinator().explain(pchannel);
    }

    @Override
    public void report(Status status) {
        if (!status.incarnation().equals(settings.self().incarnation())) {
            throw Problem.of(ErrorCode.INVALID, "report what became of " + status.pchannel())
                    .found("a report of process " + status.incarnation())
                    .expected(settings.self().incarnation())
                    .exception();
        }
        inbox.report(status);
        collect();
    }

    @Override
    public void suspect(Hint hint) {
        if (settings.hints() && !hint.node().equals(settings.self().node())) {
            inbox.suspect(hint);
            collect();
        }
    }

    @Override
    public void rates(Map<PChannel, Long> bytesPerSecond) {
        inbox.rates(bytesPerSecond);
        collect();
    }

    private void collect() {
        if (inbox.needsTask()) {
            execute(() -> {
                inbox.taskBegins();
                inbox.takeReports().forEach(steps::onReport);
                inbox.takeHints().forEach(steps::onHint);
                steps.onRates(inbox.takeRates());
                steps.proceed();
            });
        }
    }

    @Override
    public void leave() {
        execute(steps::leave);
    }

    /**
     * Leaves the group, so that it elects at once, and ends. Blocks for a bounded time. Logs are not handed over: {@link #leave}
     * comes before.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            execute(steps::close);
            ports.group().close();
            ports.topic().close();
            execute(steps::end);
            ports.stop().run();
        }
    }
}
