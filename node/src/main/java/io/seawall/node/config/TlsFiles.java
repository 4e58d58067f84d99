package io.seawall.node.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files for TLS.
 *
 * @param certificate the node's certificate, and those that lead to its CA
 * @param key its private key
 * @param clientCa the CAs of clients' certificates; empty if clients need none
 * @param ca the CAs of other nodes' certificates; empty for those that the JVM trusts
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa, Optional<Path> ca) {}
