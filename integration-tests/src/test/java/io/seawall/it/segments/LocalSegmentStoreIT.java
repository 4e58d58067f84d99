package io.seawall.it.segments;

import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

class LocalSegmentStoreIT extends SegmentStoreContract {
    @Override
    SegmentStore open() {
        return LocalSegmentStore.open(objects(), new SecureRandom());
    }

    @Override
    Path objects() {
        return folder.resolve("store");
    }

    @Override
    List<String> putterArguments() {
        return List.of("local", objects().toString());
    }
}
