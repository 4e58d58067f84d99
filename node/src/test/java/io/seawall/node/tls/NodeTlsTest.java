package io.seawall.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeTlsTest {
    @TempDir
    private Path folder;

    private TlsFolder files;

    @BeforeEach
    void create() {
        files = new TlsFolder(folder);
    }

    /** Files that cannot be used, and what is said about them. */
    private enum Broken {
        NO_CERTIFICATE("no such file") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.delete(files.certificate);
            }
        },
        NO_KEY("no such file") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.delete(files.key);
            }
        },
        A_FOLDER("read the file") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.delete(files.key);
                Files.createDirectory(files.key);
            }
        },
        ANOTHER_KEY("does not fit it") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.copy(TestCertificates.CLIENT.key(), files.key, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        EXPIRED("expected a certificate that is valid now") {
            @Override
            void in(TlsFolder files) {
                files.use(TestCertificates.EXPIRED);
            }
        },
        EMPTY("expected one or more in PEM") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.writeString(files.certificate, "");
            }
        },
        HALF_A_CERTIFICATE("read certificates from") {
            @Override
            void in(TlsFolder files) throws IOException {
                var pem = Files.readString(files.certificate);
                Files.writeString(files.certificate, pem.substring(0, pem.length() / 2));
            }
        },
        HALF_A_KEY("PKCS#8") {
            @Override
            void in(TlsFolder files) throws IOException {
                var pem = Files.readString(files.key);
                Files.writeString(files.key, pem.substring(0, pem.length() / 2));
            }
        },
        NO_PEM_OF_A_KEY("PKCS#8") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.writeString(files.key, "-----BEGIN PRIVATE KEY-----\n%%secret%%\n-----END PRIVATE KEY-----\n");
            }
        },
        NO_CA("read certificates from") {
            @Override
            void in(TlsFolder files) throws IOException {
                Files.writeString(files.clientCa, "no certificate");
            }
        };

        private final String said;

        Broken(String said) {
            this.said = said;
        }

        abstract void in(TlsFolder files) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aNodeDoesNotStartWithBrokenFiles(Broken broken) throws IOException {
        broken.in(files);

        assertThatThrownBy(files::loadMutual)
                .isInstanceOfSatisfying(
                        RequestException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(broken.said)
                .hasMessageContaining(folder.toString())
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @EnumSource
    void aRunningNodeRefusesThemAndTakesMendedOnes(Broken broken) throws IOException {
        var tls = files.loadMutual();
        broken.in(files);

        tls.check();
        tls.check();

        assertThat(tls.refused()).isOne();
        if (broken == Broken.A_FOLDER) {
            Files.delete(files.key);
        }
        files.use(TestCertificates.RENEWED);
        files.trust(TestCertificates.THEIRS);
        tls.check();
        assertThat(tls.refused()).isZero();
    }

    /** What this relies on in grpc-util. */
    @Test
    void aHandshakeThatHasBegunEndsWithTheCertificateThatItBeganWith() throws Exception {
        var keys = new AdvancedTlsX509KeyManager();
        keys.updateIdentityCredentials(
                TestCertificates.NODE.certificate().toFile(),
                TestCertificates.NODE.key().toFile());
        var alias = keys.chooseEngineServerAlias("EC", null, null);
        var key = keys.getPrivateKey(alias);

        keys.updateIdentityCredentials(
                TestCertificates.RENEWED.certificate().toFile(),
                TestCertificates.RENEWED.key().toFile());

        assertThat(keys.getPrivateKey(alias)).isNotNull().isEqualTo(key);
        assertThat(keys.getCertificateChain(alias)[0].getSubjectX500Principal().getName())
                .isEqualTo("CN=node");
    }

    @Test
    void sessionsAreResumedForMinutesBecauseNoCertificateIsShownThen() {
        var tls = files.loadMutual();

        assertThat(tls.server().context().getServerSessionContext().getSessionTimeout())
                .isEqualTo(300);
        assertThat(tls.toNodes().getClientSessionContext().getSessionTimeout()).isEqualTo(300);
    }

    @Test
    void showsHowLongTheCertificateIsValid() {
        var tls = files.load();

        assertThat(tls.secondsLeft()).isBetween(28 * 86_400L, 29 * 86_400L);
    }
}
