package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.ringcast.config.ConfigException;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.config.UpstreamKind;
import io.ringcast.transport.websocket.WebSocketClientHandshake;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * What it takes to be let in at one upstream: its address, credentials and certificates.
 * Any thread.
 *
 * <p>TLS is the JDK's: one provider on every machine, and a handshake per reconnect is no hot path.
 */
final class UpstreamAccess
{
    private static final int LIMIT_TOKEN_BYTES = 8192;

    private final UpstreamConfig config;
    private final long handshakeTimeoutMs;
    /** Null without TLS. */
    private final SslContext sslContext;

    /**
     * Reads the files that the configuration names, so that a missing one is told at the start.
     *
     * @param config             the upstream.
     * @param handshakeTimeoutMs how long a TLS handshake may take, in milliseconds.
     * @throws ConfigException if a file can't be used.
     */
    UpstreamAccess(final UpstreamConfig config, final long handshakeTimeoutMs)
    {
        this.config = config;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
        sslContext = config.kind().isTls() ? sslContext(config) : null;
        if (config.tokenFile() != null)
        {
            try
            {
                token(config.tokenFile());
            }
            catch (final IOException e)
            {
                throw new ConfigException(
                    at("tokenFile"), config.tokenFile(), e.getMessage(), "a file with a token in its first line");
            }
        }
    }

    /**
     * Looks the name up and reads the token anew. It waits for the disk and the network: never on an I/O thread.
     *
     * @param isNio true if the address must be one of the JDK's.
     * @return where to connect to.
     * @throws IOException saying in one line, without a secret, what is missing.
     */
    UpstreamTarget target(final boolean isNio) throws IOException
    {
        final Map<String, String> headers = new LinkedHashMap<>(config.headers());
        final String basic = WebSocketClientHandshake.basicCredentials(config.url());
        if (basic != null)
        {
            headers.put("Authorization", basic);
        }
        if (config.tokenFile() != null)
        {
            try
            {
                headers.put("Authorization", "Bearer " + token(config.tokenFile()));
            }
            catch (final IOException e)
            {
                throw new IOException("tokenFile " + config.tokenFile() + ": " + e.getMessage(), e);
            }
        }
        return new UpstreamTarget(address(config.url(), isNio), Map.copyOf(headers));
    }

    /**
     * Makes the lowest handler of an encrypted connection. Nothing may be written below it.
     *
     * @param allocator the channel's.
     * @return a handler that checks the certificate and the host name, or null without TLS.
     */
    SslHandler sslHandler(final ByteBufAllocator allocator)
    {
        if (sslContext == null)
        {
            return null;
        }
        final String host = config.url().getHost();
        final String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        final SslHandler handler = sslContext.newHandler(allocator, bare, port(config.url()));
        handler.setHandshakeTimeout(handshakeTimeoutMs, TimeUnit.MILLISECONDS);
        return handler;
    }

    private SocketAddress address(final URI url, final boolean isNio) throws IOException
    {
        if (config.kind() == UpstreamKind.IPC)
        {
            return isNio ? UnixDomainSocketAddress.of(url.getPath()) :
                new io.netty.channel.unix.DomainSocketAddress(url.getPath());
        }
        try
        {
            return new InetSocketAddress(InetAddress.getByName(url.getHost()), port(url));
        }
        catch (final UnknownHostException e)
        {
            throw new IOException("the name " + url.getHost() + " is unknown", e);
        }
    }

    private int port(final URI url)
    {
        return url.getPort() < 0 ? config.kind().defaultPort() : url.getPort();
    }

    private String at(final String setting)
    {
        return "upstream " + config.name() + " " + setting;
    }

    private SslContext sslContext(final UpstreamConfig upstream)
    {
        final SslContextBuilder builder = SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .endpointIdentificationAlgorithm("HTTPS");
        try
        {
            if (upstream.trust() != null)
            {
                builder.trustManager(certificates(upstream.trust()));
            }
            return builder.build();
        }
        catch (final IllegalArgumentException | IOException e)
        {
            throw new ConfigException(
                at("trust"), upstream.trust(), "not a readable PEM file of certificates", "a PEM file of certificates");
        }
    }

    private static File certificates(final Path pem) throws IOException
    {
        if (!Files.readString(pem, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----"))
        {
            throw new SSLException("no certificate");
        }
        return pem.toFile();
    }

    private static String token(final Path file) throws IOException
    {
        final byte[] bytes;
        try (InputStream in = Files.newInputStream(file))
        {
            bytes = in.readNBytes(LIMIT_TOKEN_BYTES + 1);
        }
        catch (final IOException e)
        {
            throw new IOException("cannot be read", e);
        }
        final String token = new String(bytes, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("").trim();
        if (!token.matches("[!-~]{1," + LIMIT_TOKEN_BYTES + "}"))
        {
            throw new IOException("its first line is no token");
        }
        return token;
    }
}
