/**
 * TLS from PEM files, for the node's servers, for its connections to other nodes, and for the command line. The files are parsed
 * and served by classes of grpc-util, which also feed Jetty through {@link javax.net.ssl.SSLContext}. Contexts may be used by any
 * thread; the files are read by the thread that checks them.
 */
@NullMarked
package io.seawall.node.tls;

import org.jspecify.annotations.NullMarked;
