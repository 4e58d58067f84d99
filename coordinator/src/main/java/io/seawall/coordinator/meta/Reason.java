package io.seawall.coordinator.meta;

/** Why an assignment is what it is. The names are in the meta topic; none is ever given another meaning. */
public enum Reason {
    /** The log had no owner yet. */
    NEW,
    /** The node that had the log is back with another process. */
    RETURNED,
    /** The owner left the cluster. */
    OWNER_GONE,
    /** The owner was reported dead. */
    OWNER_SUSPECTED,
    /** The owner ends, and hands over what it has. */
    OWNER_LEAVING,
    /** The log could not be opened, or ended by itself. */
    FAILED,
    /** The owner did not react. */
    UNRESPONSIVE,
    /** The opening took too long. */
    OVERDUE,
    /** The log has seen higher terms than the cluster gave out. */
    TERM_SEEN,
    /** Nodes had different numbers of logs. */
    BALANCE_COUNT,
    /** Nodes had different loads. */
    BALANCE_RATE,
    /** An operator pinned the log. */
    PIN,
    /** An operator drains the node. */
    DRAIN,
    /** An operator ended the quarantine. */
    UNQUARANTINED,
    /** Acknowledged records are missing, or the log is forged: only a person can mend it. */
    QUARANTINED,
    /** The topic is gone. */
    TOPIC_GONE,
    /** A reason of a later version. */
    OTHER;

    /** Returns whether the log had a healthy owner, so that the change was a wish and not a need. */
    public boolean isMove() {
        return switch (this) {
            case OWNER_LEAVING, BALANCE_COUNT, BALANCE_RATE, PIN, DRAIN -> true;
            case NEW,
                    RETURNED,
                    OWNER_GONE,
                    OWNER_SUSPECTED,
                    FAILED,
                    UNRESPONSIVE,
                    OVERDUE,
                    TERM_SEEN,
                    UNQUARANTINED,
                    QUARANTINED,
                    TOPIC_GONE,
                    OTHER -> false;
        };
    }
}
