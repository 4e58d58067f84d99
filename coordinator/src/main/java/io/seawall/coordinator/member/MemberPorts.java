package io.seawall.coordinator.member;

import io.seawall.coordinator.placement.Situation.Moment;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a member needs from outside. A simulation gives it one thread and a clock of its own.
 *
 * @param topic the meta topic; the member closes it
 * @param group the group; the member closes it
 * @param executor runs tasks one after the other, in the order in which they came, and never inside of the call that hands them
 *     over
 * @param clock the time
 * @param nonces makes texts that were never used before, for the attempts to coordinate
 * @param stop called last when the member is closed; ends the executor
 */
public record MemberPorts(
        MetaTopic topic,
        Group group,
        Executor executor,
        Supplier<Moment> clock,
        Supplier<String> nonces,
        Runnable stop) {}
