package io.seawall.walkafka.admin;

/**
 * The result of {@link Topics#create}.
 *
 * @param kind what was done
 * @param topic the topic as it is now
 */
public record TopicOutcome(Kind kind, Topic topic) {
    /** What {@link Topics#create} did. */
    public enum Kind {
        /** The topic did not exist and was created. */
        CREATED,
        /** The topic existed as described. */
        SAME,
        /** The topic existed with fewer pchannels, and got more. */
        GROWN,
        /** The topic exists, differs in a way that cannot be changed, and was left as it is. */
        CONFLICT
    }
}
