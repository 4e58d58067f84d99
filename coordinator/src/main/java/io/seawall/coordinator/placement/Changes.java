package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import java.util.List;

/**
 * Records to write to the meta topic, in one transaction.
 *
 * @param written the records, each of another key
 * @param removed the keys to delete
 */
public record Changes(List<MetaRecord> written, List<MetaKey> removed) {
    /** No change. */
    public static final Changes NONE = new Changes(List.of(), List.of());

    /** Copies the lists. */
    public Changes {
        written = List.copyOf(written);
        removed = List.copyOf(removed);
    }

    /** Returns changes that write one record. */
    public static Changes of(MetaRecord record) {
        return new Changes(List.of(record), List.of());
    }

    /** Returns changes that delete one key. */
    public static Changes without(MetaKey key) {
        return new Changes(List.of(), List.of(key));
    }

    /** Returns whether there is nothing to write. */
    public boolean isEmpty() {
        return written.isEmpty() && removed.isEmpty();
    }
}
