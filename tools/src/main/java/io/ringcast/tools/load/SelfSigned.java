package io.ringcast.tools.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Certificates for 127.0.0.1 that sign themselves, as PEM files, for runs and tests. Any thread: it has no state. */
public final class SelfSigned
{
    private static final String PASSWORD = "changeit";

    private SelfSigned()
    {
    }

    /**
     * Writes {@code certificate.pem} and {@code key.pem}, over those that are there.
     *
     * @param directory where.
     * @return the certificate.
     * @throws IOException              if the JDK's keytool fails or a file can't be written.
     * @throws GeneralSecurityException if what was made can't be read.
     * @throws InterruptedException     if the thread is interrupted.
     */
    public static X509Certificate write(final Path directory)
        throws IOException, GeneralSecurityException, InterruptedException
    {
        final Path file = directory.resolve("store.p12");
        Files.deleteIfExists(file);
        final String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        final Process keytool = new ProcessBuilder(program,
            "-genkeypair", "-alias", "relay", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=relay",
            "-ext", "san=ip:127.0.0.1", "-validity", "2", "-keystore", file.toString(), "-storetype", "PKCS12",
            "-storepass", PASSWORD).redirectErrorStream(true).start();
        final String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0)
        {
            throw new IOException("keytool made no certificate: " + said.strip());
        }
        final KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        final X509Certificate certificate = (X509Certificate)store.getCertificate("relay");
        write(directory.resolve("key.pem"), "PRIVATE KEY", store.getKey("relay", PASSWORD.toCharArray()).getEncoded());
        write(directory.resolve("certificate.pem"), "CERTIFICATE", certificate.getEncoded());
        return certificate;
    }

    private static void write(final Path file, final String name, final byte[] bytes) throws IOException
    {
        final Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), "-----BEGIN " + name +
            "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + name + "-----\n");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
