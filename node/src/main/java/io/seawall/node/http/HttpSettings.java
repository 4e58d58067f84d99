package io.seawall.node.http;

/**
 * What of the configuration the HTTP server needs.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for a free one
 * @param nodeId the node's name
 * @param recordMaxBytes the largest record: key, value and headers, in bytes
 */
public record HttpSettings(String host, int port, String nodeId, int recordMaxBytes) {}
