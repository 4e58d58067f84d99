package io.seawall.node.http.coding;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Packs with gzip, fast. A flush hands on everything that was written. */
final class GzipStream extends GZIPOutputStream {
    private static final int BUFFER_BYTES = 8 << 10;

    GzipStream(OutputStream out) throws IOException {
        super(out, BUFFER_BYTES, true);
        def.setLevel(Deflater.BEST_SPEED);
    }
}
