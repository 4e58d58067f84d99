package io.seawall.flusher.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Keeps the store's exception: Avro wraps it in the same exception as a damaged file. Used by one thread. */
final class StoreInput extends FilterInputStream {
    private @Nullable IOException failure;

    StoreInput(InputStream in) {
        super(in);
    }

    /** Rethrows the store's exception, if there was one. */
    void rethrowFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
