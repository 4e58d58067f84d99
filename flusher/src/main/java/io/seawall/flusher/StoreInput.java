package io.seawall.flusher;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Remembers that the store failed: Avro makes the same exception of that and of a damaged file. For one thread. */
final class StoreInput extends FilterInputStream {
    private @Nullable IOException failure;

    StoreInput(InputStream in) {
        super(in);
    }

    /** Throws what the store threw, if it did. */
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
