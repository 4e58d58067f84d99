package io.seawall.it.ports;

import io.seawall.kafkasim.EventLoop;
import io.seawall.kafkasim.Faults;
import io.seawall.kafkasim.SimKafka;
import io.seawall.kafkasim.Trace;
import io.seawall.kafkasim.TxnCoordinator;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.WalSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Simulated brokers, without faults except on request. */
final class SimulatedContractKafka implements InterruptibleKafka {
    private static final long LONGEST_US = 60_000_000;
    private static final int LOOKS = 400;

    private static final long HASTY_MS = 500;
    private static final long AWAY_US = 3_000_000;

    private final EventLoop loop = new EventLoop();
    private final SimKafka kafka = new SimKafka(
            loop, Faults.none(1), new Trace(loop, false), SimKafka.Events.IGNORED, SimKafka.Options.likeKafka());
    private final Ports ports = kafka.ports(kafka.process("contract"), WalSettings.defaults());
    private final Ports hasty = kafka.ports(kafka.process("hasty"), WalSettings.defaults(), HASTY_MS);

    @Override
    public Ports ports() {
        return ports;
    }

    @Override
    public PChannel newTopic(String name) {
        var pchannel = new PChannel(name, 0);
        kafka.createTopic(pchannel);
        return pchannel;
    }

    @Override
    public void createAgain(PChannel pchannel) {
        kafka.createTopic(pchannel);
    }

    @Override
    public void limitMessages(PChannel pchannel, int bytes) {
        kafka.partition(pchannel).limitMessages(bytes);
    }

    @Override
    public void deleteRecords(PChannel pchannel, long before) {
        kafka.partition(pchannel).trim(before);
    }

    @Override
    public long flushOffset(PChannel pchannel) {
        return kafka.partition(pchannel).flushOffset();
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        if (!loop.runUntil(future::isDone, LONGEST_US)) {
            throw new IllegalStateException("still not done after a simulated minute");
        }
        try {
            return future.join();
        } catch (CompletionException wrapped) {
            throw wrapped.getCause() instanceof RuntimeException cause ? cause : wrapped;
        }
    }

    @Override
    public void eventually(Runnable assertion) {
        for (var left = LOOKS; left > 0; left--) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                loop.runFor(50_000);
            }
        }
        assertion.run();
    }

    @Override
    public Ports hastyPorts() {
        return hasty;
    }

    @Override
    public void forgetIds(PChannel pchannel, Lane lane) {
        loop.runFor(AWAY_US); // an id whose transaction is not completed is not idle
        kafka.coordinators().forEach(TxnCoordinator::expire);
    }

    @Override
    public void loseCoordinators() {
        kafka.coordinators().forEach(coordinator -> coordinator.move(AWAY_US));
    }
}
