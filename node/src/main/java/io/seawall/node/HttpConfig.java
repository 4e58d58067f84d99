package io.seawall.node;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.http.HttpSettings;

/** Derives the settings of the HTTP server from a node's configuration. */
final class HttpConfig {
    private HttpConfig() {}

    static HttpSettings settings(NodeConfig config) {
        return new HttpSettings(
                config.httpHost(),
                config.httpPort(),
                config.nodeId(),
                config.walRecordMaxBytes(),
                new HttpSettings.Origins(config.httpAdvertisedUrl(), config.httpCorsOrigins()),
                new HttpSettings.Connections(
                        config.httpConnections(),
                        config.httpConnectionsPerAddress(),
                        HttpSettings.Connections.SPARE,
                        config.httpHeadTimeout(),
                        config.httpMinRateGrace(),
                        config.httpMinRateBytes(),
                        config.httpAcceptQueue()));
    }
}
