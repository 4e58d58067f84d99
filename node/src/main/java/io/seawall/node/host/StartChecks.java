package io.seawall.node.host;

import io.seawall.node.config.NodeConfig;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Checks what a node needs on its machine, before time is spent on starting what it needs elsewhere. The node checks the same again
 * when it starts, because another process may take a port in between.
 */
public final class StartChecks {
    private StartChecks() {}

    /**
     * Checks that the ports are free and that the data directory can be written and is used by no other node. Creates the directory
     * if it is missing.
     *
     * @throws WalException with code INVALID that names what was found and the fix
     */
    public static void check(NodeConfig config) {
        checkPort("http.port", config.httpHost(), config.httpPort());
        if (config.grpcEnabled()) {
            checkPort("grpc.port", config.grpcHost(), config.grpcPort());
        }
        if (config.usesDataDir()) {
            try {
                DataDirLock.take(config.dataDir()).close();
            } catch (IOException unreleased) {
                throw problem("use data.dir " + config.dataDir(), unreleased).exception();
            }
        }
    }

    private static void checkPort(String key, String host, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException taken) {
            throw problem("listen on " + host + ":" + port, taken)
                    .fix("stop the process that listens there, or set another " + key)
                    .exception();
        }
    }

    private static Problem problem(String operation, IOException cause) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(FutureErrors.text(cause))
                .cause(cause);
    }
}
