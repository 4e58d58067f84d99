package io.seawall.node.tls;

import io.grpc.util.CertificateUtils;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Parses and checks the content of PEM files. Errors are {@link WalException}s with code INVALID; none quotes a key. */
final class PemFiles {
    private static final byte[] SAMPLE = {1, 2, 3};

    private PemFiles() {}

    /**
     * A certificate and its key.
     *
     * @param chain the certificate, and those that lead to its CA
     * @param key its private key
     */
    record Identity(List<X509Certificate> chain, PrivateKey key) {
        /** Returns when the first certificate of the chain expires. */
        Instant expires() {
            return chain.stream()
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .min(Instant::compareTo)
                    .orElseThrow();
        }
    }

    /**
     * Parses a certificate and its key, and checks that they fit and are valid now.
     *
     * @param now the time of day
     */
    static Identity identity(Path certificate, byte[] certificatePem, Path key, byte[] keyPem, Instant now) {
        var chain = List.of(certificates(certificate, certificatePem));
        for (var each : chain) {
            checkValid(certificate, each, now);
        }
        var secret = key(key, keyPem);
        if (!fit(secret, chain.get(0).getPublicKey())) {
            throw Problem.of(ErrorCode.INVALID, "use the certificate in " + certificate)
                    .found("a key in " + key + " that does not fit it")
                    .expected("the key of the first certificate in the file")
                    .exception();
        }
        return new Identity(chain, secret);
    }

    private static void checkValid(Path file, X509Certificate certificate, Instant now) {
        var from = certificate.getNotBefore().toInstant();
        var until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw Problem.of(ErrorCode.INVALID, "use the certificate in " + file)
                    .found(certificate.getSubjectX500Principal() + ", valid from " + from + " to " + until)
                    .expected("a certificate that is valid now")
                    .exception();
        }
    }

    /** Parses certificates; there is at least one. */
    static X509Certificate[] certificates(Path file, byte[] pem) {
        try {
            var found = CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem));
            if (found.length > 0) {
                return found;
            }
            throw noCertificate(file, "none").exception();
        } catch (CertificateException e) {
            throw noCertificate(file, String.valueOf(e.getMessage())).cause(e).exception();
        }
    }

    private static Problem noCertificate(Path file, String found) {
        return Problem.of(ErrorCode.INVALID, "read certificates from " + file)
                .found(found)
                .expected("one or more in PEM: -----BEGIN CERTIFICATE-----");
    }

    private static PrivateKey key(Path file, byte[] pem) {
        try {
            return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            // Its text may quote the file, so it goes nowhere.
            throw Problem.of(ErrorCode.INVALID, "read a private key from " + file)
                    .found("none")
                    .expected("a key of RSA or EC in PKCS#8, without a password: -----BEGIN PRIVATE KEY-----")
                    .fix("openssl pkcs8 -topk8 -nocrypt converts other keys")
                    .exception();
        }
    }

    private static boolean fit(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        try {
            var signature =
                    Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(SAMPLE);
            var signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (SignatureException notOfThisKey) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign", e);
        }
    }
}
