package io.seawall.kafkalocal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority in a folder, and the certificates that it signs, as PEM files. For tests and trials: its key is in the
 * folder too, under a known password. Made by the JDK's {@code keytool}, which takes about a second for each. For one thread.
 */
public final class LocalAuthority {
    private static final String PASSWORD = "seawall";
    private static final String CA = "ca";
    private static final long KEYTOOL_SECONDS = 60;

    /** The names that a certificate is for, so that one serves every node of this machine. */
    private static final String NAMES = "san=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1";

    private final Path folder;
    private final Path store;
    private final Path certificate;

    private LocalAuthority(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("authority.p12");
        this.certificate = folder.resolve("ca.pem");
    }

    /**
     * The files of a certificate.
     *
     * @param certificate the certificate
     * @param key its key, in PKCS#8
     */
    public record Issued(Path certificate, Path key) {}

    /**
     * Makes an authority in an empty folder. Blocks.
     *
     * @param folder the folder, which is made if it is missing
     */
    public static LocalAuthority create(Path folder) {
        var authority = new LocalAuthority(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot create " + folder, e);
        }
        authority.keytool(CA, "-ext", "bc:c", "-validity", "30");
        authority.write(authority.certificate, "CERTIFICATE", authority.certificateOf(CA));
        return authority;
    }

    /** Returns the file with the authority's own certificate. */
    public Path certificate() {
        return certificate;
    }

    /** Issues a certificate for this machine that is valid for a month. Blocks. */
    public Issued issue(String name) {
        return issue(name, -1, 30);
    }

    /**
     * Issues a certificate for this machine. Blocks.
     *
     * @param name its subject, and the beginning of its files' names
     * @param firstDay when it begins to be valid, in days from now
     * @param days for how many days it is valid
     */
    public Issued issue(String name, int firstDay, int days) {
        keytool(
                name,
                "-signer",
                CA,
                "-ext",
                NAMES,
                "-startdate",
                (firstDay < 0 ? "" : "+") + firstDay + "d",
                "-validity",
                Integer.toString(days));
        var issued = new Issued(folder.resolve(name + ".pem"), folder.resolve(name + ".key.pem"));
        write(issued.certificate(), "CERTIFICATE", certificateOf(name));
        write(issued.key(), "PRIVATE KEY", keyOf(name));
        return issued;
    }

    private void keytool(String name, String... more) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", // takes a third less processor time
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new LocalKafkaException("keytool failed: " + output);
            }
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot run keytool", e);
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("run keytool", e);
        }
    }

    private byte[] certificateOf(String name) {
        try {
            return open().getCertificate(name).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new LocalKafkaException("Cannot read the certificate " + name, e);
        }
    }

    private byte[] keyOf(String name) {
        try {
            return open().getKey(name, PASSWORD.toCharArray()).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new LocalKafkaException("Cannot read the key of " + name, e);
        }
    }

    private KeyStore open() throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private void write(Path file, String kind, byte[] content) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        try {
            Files.writeString(file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot write " + file, e);
        }
    }
}
