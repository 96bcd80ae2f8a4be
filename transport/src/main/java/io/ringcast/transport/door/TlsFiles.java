package io.ringcast.transport.door;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.ringcast.config.ConfigException;
import io.ringcast.config.TlsChoice;
import io.ringcast.config.TlsConfig;
import io.ringcast.transport.loop.FailureText;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * What the PEM files of a port held when they were read.
 * Immutable. Reading waits for the disk: never on an I/O thread.
 *
 * @param certificate bytes of the file of that name.
 * @param key         bytes of the file of that name.
 * @param clientCa    bytes of the file of that name, or null.
 */
record TlsFiles(byte[] certificate, byte[] key, byte[] clientCa)
{
    private static final int LIMIT_BYTES = 1024 * 1024;
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final ApplicationProtocolConfig BOTH_VERSIONS = new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN (RSA|EC|ENCRYPTED) PRIVATE KEY-----");
    private static final byte[] PROBE = {1, 2, 3, 4, 5, 6, 7, 8};

    /**
     * Reads the files.
     *
     * @param config names them.
     * @return their bytes.
     * @throws ConfigException if one can't be read.
     */
    static TlsFiles read(final TlsConfig config)
    {
        return new TlsFiles(
            read("certificate", config.certificate()),
            read("key", config.key()),
            config.clientCa() == null ? null : read("clientCa", config.clientCa()));
    }

    boolean holdsTheSameAs(final TlsFiles other)
    {
        return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key) &&
            Arrays.equals(clientCa, other.clientCa);
    }

    /** Who does the cryptography on this machine. */
    static SslProvider provider(final TlsConfig config)
    {
        if (config.provider() == TlsChoice.OPENSSL && !OpenSsl.isAvailable())
        {
            throw new ConfigException("tls.provider", "openssl", "its library does not load: " +
                FailureText.of(OpenSsl.unavailabilityCause()), "auto, jdk");
        }
        return config.provider() == TlsChoice.JDK || !OpenSsl.isAvailable() ?
            SslProvider.JDK : SslProvider.OPENSSL_REFCNT;
    }

    /**
     * Makes of the files what handshakes need.
     *
     * @param config   names the files.
     * @param provider who does the cryptography.
     * @param http2    true to agree on HTTP/2 with clients that offer it (ALPN).
     * @return the context; whoever asked for it owns a reference, if it counts any.
     * @throws ConfigException saying in one line, without a secret, which file can't be used.
     */
    SslContext context(final TlsConfig config, final SslProvider provider, final boolean http2)
    {
        final X509Certificate[] chain = certificates("certificate", config.certificate(), certificate);
        try
        {
            checkPair(chain[0], privateKey(), config);
            final SslContextBuilder builder = SslContextBuilder
                .forServer(new ByteArrayInputStream(certificate), new ByteArrayInputStream(key))
                .sslProvider(provider)
                .protocols(PROTOCOLS)
                .applicationProtocolConfig(http2 ? BOTH_VERSIONS : ApplicationProtocolConfig.DISABLED);
            if (clientCa != null)
            {
                builder.clientAuth(ClientAuth.REQUIRE)
                    .trustManager(certificates("clientCa", config.clientCa(), clientCa));
            }
            return builder.build();
        }
        catch (final ConfigException e)
        {
            throw e;
        }
        catch (final IllegalArgumentException | GeneralSecurityException | IOException e)
        {
            throw new ConfigException("tls.key", config.key(), "not a usable private key",
                "a PEM file with the certificate's private key in PKCS #8 (BEGIN PRIVATE KEY), without a password");
        }
    }

    /** When the certificate is not valid any more, in milliseconds since 1970. */
    long expiresAtMs(final TlsConfig config)
    {
        return certificates("certificate", config.certificate(), certificate)[0].getNotAfter().getTime();
    }

    private PrivateKey privateKey() throws GeneralSecurityException, IOException
    {
        if (OTHER_KEY.matcher(new String(key, StandardCharsets.ISO_8859_1)).find())
        {
            throw new IOException("another form of key");
        }
        return PemKeys.privateKey(key);
    }

    /** Two files are never replaced at once, and a server whose key is not the certificate's lets nobody in. */
    private static void checkPair(final X509Certificate leaf, final PrivateKey key, final TlsConfig config)
        throws GeneralSecurityException
    {
        final String algorithm = switch (key.getAlgorithm())
        {
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "SHA256with" + key.getAlgorithm();
        };
        boolean isPair = false;
        if (key.getAlgorithm().equals(leaf.getPublicKey().getAlgorithm()))
        {
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            final byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(PROBE);
            isPair = signature.verify(signed);
        }
        if (!isPair)
        {
            throw new ConfigException("tls.key", config.key(), "not the key of the certificate in " +
                config.certificate(), "the private key of that certificate");
        }
    }

    private static X509Certificate[] certificates(final String name, final Path file, final byte[] pem)
    {
        try
        {
            final Collection<? extends Certificate> found =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty())
            {
                return found.toArray(X509Certificate[]::new);
            }
        }
        catch (final CertificateException ignored)
        {
            // The same refusal as for a file without one.
        }
        throw new ConfigException("tls." + name, file, "holds no certificate", "a PEM file of certificates");
    }

    private static byte[] read(final String name, final Path file)
    {
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] bytes = in.readNBytes(LIMIT_BYTES + 1);
            if (bytes.length <= LIMIT_BYTES)
            {
                return bytes;
            }
        }
        catch (final IOException ignored)
        {
            // The same refusal as for one that is too large.
        }
        throw new ConfigException("tls." + name, file, "cannot be read", "a readable PEM file of at most 1 MiB");
    }
}
