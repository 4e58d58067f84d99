package io.seawall.node.http;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The description of the API, which a file has. A test compares it with the routes and with answers. */
final class OpenApi {
    static final byte[] JSON = read();

    private OpenApi() {}

    private static byte[] read() {
        try (var file = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (file == null) {
                throw new IllegalStateException("the build left out openapi.json");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read openapi.json", e);
        }
    }
}
