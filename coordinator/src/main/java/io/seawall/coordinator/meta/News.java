package io.seawall.coordinator.meta;

/** One record of the meta topic as it was read. */
public sealed interface News {
    /** Returns the record's key. */
    MetaKey key();

    /**
     * A record that this version understands.
     *
     * @param value the record
     */
    record Written(MetaRecord value) implements News {
        @Override
        public MetaKey key() {
            return value.key();
        }
    }

    /**
     * A record without a value: the key is gone.
     *
     * @param key the key
     */
    record Removed(MetaKey key) implements News {}

    /**
     * A record of a known kind that this version does not understand: a later format, or bytes that are none of ours.
     *
     * @param key the key
     * @param why what is wrong with it
     */
    record Unreadable(MetaKey key, String why) implements News {}
}
