package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;

/**
 * The settings of a member of the cluster.
 *
 * @param self this node and its process
 * @param url where clients reach this node; empty if nowhere
 * @param peerUrl where other nodes reach it; empty if that is {@code url}
 * @param grpc where it serves gRPC to clients, as host:port; empty if it does not
 * @param placement the bounds of placement; its session time-out is that of Kafka's group, too
 * @param hints whether reports of dead processes are used. Without them a dead process is found by its session alone
 * @param limits how long the member waits, and how much it keeps
 */
public record MemberSettings(
        Owner self,
        String url,
        String peerUrl,
        String grpc,
        PlacementSettings placement,
        boolean hints,
        Limits limits) {
    /** Creates the settings of a node without gRPC. */
    public MemberSettings(
            Owner self, String url, String peerUrl, PlacementSettings placement, boolean hints, Limits limits) {
        this(self, url, peerUrl, "", placement, hints, limits);
    }

    /** Creates the settings of a node that clients and other nodes reach at the same URL. */
    public MemberSettings(Owner self, String url, PlacementSettings placement, boolean hints, Limits limits) {
        this(self, url, "", placement, hints, limits);
    }

    /**
     * Returns the settings of a node whose operator set nothing.
     *
     * @param self this node and its process
     * @param url where other nodes and clients reach this node
     */
    public static MemberSettings of(Owner self, String url) {
        return new MemberSettings(self, url, PlacementSettings.DEFAULTS, true, Limits.DEFAULTS);
    }

    /**
     * How long the member waits, and how much it keeps. Each is above 0.
     *
     * @param write how long taking the transactional id may take, and how long a transaction may take until it was read. Too
     *     low: a coordinator gives up while Kafka is slow; too high: one whose broker hangs decides nothing for so long
     * @param answer how long the group may take to name its members
     * @param announce how long a plain record may take until it is written again
     * @param command how long a command may wait for its decision
     * @param commands how many commands may wait
     * @param reports how many reports are written at the same time
     */
    public record Limits(
            Duration write, Duration answer, Duration announce, Duration command, int commands, int reports) {
        /** The limits of a node whose operator set nothing. */
        public static final Limits DEFAULTS = new Limits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                1_000,
                64);

        /** Checks every value. */
        public Limits {
            checkPositive("write", write.toMillis());
            checkPositive("answer", answer.toMillis());
            checkPositive("announce", announce.toMillis());
            checkPositive("command", command.toMillis());
            checkPositive("commands", commands);
            checkPositive("reports", reports);
        }
    }

    private static void checkPositive(String name, long value) {
        if (value < 1) {
            throw Problem.of(ErrorCode.INVALID, "set the member's limit " + name)
                    .found(Long.toString(value))
                    .expected("1 or more")
                    .exception();
        }
    }
}
