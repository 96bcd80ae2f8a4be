package io.ringcast.transport;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A private certificate authority and what it has signed, made by the JDK's keytool when first needed.
 * Any thread.
 */
public final class TestCertificates
{
    /** Valid for localhost and 127.0.0.1. */
    public static final String LOCAL = "local";
    /** Valid for another host only. */
    public static final String ELSEWHERE = "elsewhere";
    /** A client of the authority. */
    static final String CLIENT = "client";
    /** Signed by itself: nobody knows it. */
    static final String STRANGER = "stranger";

    private static final String CA = "ca";
    private static final String PASSWORD = "changeit";

    private static TestCertificates made;

    private final KeyStore store;
    private final Path trustFile;

    private TestCertificates() throws IOException, GeneralSecurityException, InterruptedException
    {
        final Path directory = Files.createTempDirectory("ringcast-ca");
        final Path file = directory.resolve("store.p12");
        keytool(file, CA, List.of("-ext", "bc:c"));
        keytool(file, LOCAL, List.of("-signer", CA, "-ext", "san=dns:localhost,ip:127.0.0.1"));
        keytool(file, ELSEWHERE, List.of("-signer", CA, "-ext", "san=dns:node.example"));
        keytool(file, CLIENT, List.of("-signer", CA));
        keytool(file, STRANGER, List.of("-ext", "san=dns:localhost,ip:127.0.0.1"));
        store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        trustFile = directory.resolve("ca.pem");
        Files.writeString(trustFile, pem("CERTIFICATE", store.getCertificate(CA).getEncoded()));
        for (final Path made : List.of(file, trustFile, directory))
        {
            made.toFile().deleteOnExit();
        }
    }

    /** The same ones for all tests of the process. */
    public static synchronized TestCertificates get()
    {
        if (made == null)
        {
            try
            {
                made = new TestCertificates();
            }
            catch (final IOException | GeneralSecurityException | InterruptedException e)
            {
                throw new IllegalStateException(e);
            }
        }
        return made;
    }

    /** The authority's certificate, in PEM. */
    Path trustFile()
    {
        return trustFile;
    }

    /** What a server needs to prove that it is who a certificate names. */
    SslContext server(final String alias)
    {
        try
        {
            final X509Certificate[] chain = Arrays.stream(store.getCertificateChain(alias))
                .map(X509Certificate.class::cast).toArray(X509Certificate[]::new);
            final PrivateKey key = (PrivateKey)store.getKey(alias, PASSWORD.toCharArray());
            return SslContextBuilder.forServer(key, chain).sslProvider(SslProvider.JDK).build();
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate and those that signed it, in PEM. */
    public String chainPem(final String alias)
    {
        try
        {
            final StringBuilder text = new StringBuilder();
            for (final Certificate certificate : store.getCertificateChain(alias))
            {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            return text.toString();
        }
        catch (final GeneralSecurityException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate's private key, in PEM. */
    public String keyPem(final String alias)
    {
        return pem("PRIVATE KEY", key(alias).getEncoded());
    }

    /** What a client needs to trust the authority, and to prove that it is an alias; null for no proof. */
    SSLContext client(final String alias)
    {
        try
        {
            final KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(CA, store.getCertificate(CA));
            final TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            final KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            if (alias != null)
            {
                own.setKeyEntry(alias, key(alias), PASSWORD.toCharArray(), store.getCertificateChain(alias));
            }
            keys.init(own, PASSWORD.toCharArray());
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        }
        catch (final IOException | GeneralSecurityException e)
        {
            throw new IllegalStateException(e);
        }
    }

    private PrivateKey key(final String alias)
    {
        try
        {
            return (PrivateKey)store.getKey(alias, PASSWORD.toCharArray());
        }
        catch (final GeneralSecurityException e)
        {
            throw new IllegalStateException(e);
        }
    }

    static String pem(final String name, final byte[] bytes)
    {
        return "-----BEGIN " + name + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) +
            "\n-----END " + name + "-----\n";
    }

    private static void keytool(final Path store, final String alias, final List<String> more)
        throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
            "-genkeypair", "-alias", alias,
            "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + alias, "-validity", "30",
            "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(more);
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0)
        {
            throw new IOException("keytool: " + said);
        }
    }
}
