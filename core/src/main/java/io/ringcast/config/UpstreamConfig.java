package io.ringcast.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One node that the relay reads from.
 * Immutable.
 *
 * <p>User info, path and query of the URL, the values of the headers and what is in the token's file may be secret:
 * none of them is ever part of a message, a log line or {@link #toString()}.
 *
 * @param name      used in logs and counters; default {@code upstream-1}, {@code upstream-2} and so on by its place.
 * @param url       where the node is, {@link #ALLOWED_URL}; no default. User info is sent as Basic credentials.
 * @param headers   sent with the WebSocket handshake or with each POST; default none.
 * @param tokenFile a file whose first line is sent as {@code Authorization: Bearer}; read again before each connection,
 *                  so that a token may be renewed; default null, none.
 * @param trust     a PEM file with the certificates that may have signed the node's, in place of the public ones that
 *                  the JDK knows; default null, those of the JDK.
 */
public record UpstreamConfig(String name, URI url, Map<String, String> headers, Path tokenFile, Path trust)
{
    /** What an upstream's URL may be, for messages. */
    public static final String ALLOWED_URL =
        "ws://, wss://, http:// or https:// with HOST[:PORT][/PATH], or ipc:/PATH, for example ws://127.0.0.1:8546";

    /** What {@code sockaddr_un} has room for on Linux, without the closing zero. */
    private static final int LIMIT_IPC_PATH_BYTES = 107;
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(.*)", Pattern.DOTALL);
    private static final Set<String> RESERVED_HEADERS = Set.of(
        "host", "connection", "upgrade", "content-length", "content-type", "transfer-encoding", "accept-encoding",
        "te", "expect");

    public UpstreamConfig
    {
        Names.check("name", name);
        checkUrl(url);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        final boolean hasHttp = UpstreamKind.ofScheme(url.getScheme()) != UpstreamKind.IPC;
        if (!hasHttp && (!headers.isEmpty() || tokenFile != null))
        {
            throw new ConfigException(headers.isEmpty() ? "tokenFile" : "headers", "...",
                "an IPC upstream takes no credentials", "only with ws, wss, http and https");
        }
        if (trust != null && !UpstreamKind.ofScheme(url.getScheme()).isTls())
        {
            throw new ConfigException("trust", trust, "the URL has no TLS", "only with wss and https");
        }
        checkHeaders(headers);
        checkCredentials(url, headers, tokenFile);
    }

    /**
     * An upstream without headers, token and certificates of its own.
     *
     * @param name used in logs and counters.
     * @param url  where the node is.
     */
    public UpstreamConfig(final String name, final URI url)
    {
        this(name, url, Map.of(), null, null);
    }

    private static void checkUrl(final URI url)
    {
        if (url == null)
        {
            throw new ConfigException("url", null, "missing", ALLOWED_URL);
        }
        if (url.getScheme() == null)
        {
            throw new ConfigException("url", withoutSecrets(url), "no scheme", ALLOWED_URL);
        }
        final UpstreamKind kind = UpstreamKind.ofScheme(url.getScheme());
        if (kind == null)
        {
            throw new ConfigException(
                "url", withoutSecrets(url), "scheme " + url.getScheme() + " is not supported", ALLOWED_URL);
        }
        if (kind == UpstreamKind.IPC)
        {
            checkIpc(url);
            return;
        }
        if (url.getHost() == null || url.getPort() > 65535 || url.getPort() == 0)
        {
            throw new ConfigException("url", withoutSecrets(url), "no usable host and port", ALLOWED_URL);
        }
        if (url.getRawFragment() != null)
        {
            throw new ConfigException("url", withoutSecrets(url), "the URL has a #fragment", ALLOWED_URL);
        }
    }

    private static void checkIpc(final URI url)
    {
        final String path = url.getPath();
        if (url.getRawAuthority() != null || path == null || !path.startsWith("/") || path.indexOf('\0') >= 0 ||
            url.getRawQuery() != null || url.getRawFragment() != null)
        {
            throw new ConfigException(
                "url", withoutSecrets(url), "not an absolute path of a socket", "ipc:/PATH or /PATH");
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > LIMIT_IPC_PATH_BYTES)
        {
            throw new ConfigException("url", withoutSecrets(url), "the path is too long for a socket",
                "at most " + LIMIT_IPC_PATH_BYTES + " bytes");
        }
    }

    private static void checkHeaders(final Map<String, String> headers)
    {
        headers.forEach((name, value) ->
        {
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"))
            {
                throw new ConfigException("headers", name, "not a header's name", "letters, digits and '-'");
            }
            final String lower = name.toLowerCase(Locale.ROOT);
            if (RESERVED_HEADERS.contains(lower) || lower.startsWith("sec-websocket"))
            {
                throw new ConfigException("headers", name, "the relay sets this header itself", "other headers");
            }
            if (value == null || !value.matches("[ -~]{0,8192}"))
            {
                throw new ConfigException("headers." + name, "...", "not a header's value",
                    "printable ASCII on one line, at most 8192 characters");
            }
        });
    }

    private static void checkCredentials(final URI url, final Map<String, String> headers, final Path tokenFile)
    {
        int ways = tokenFile == null ? 0 : 1;
        ways += url.getRawAuthority() != null && url.getRawAuthority().indexOf('@') >= 0 ? 1 : 0;
        ways += headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase) ? 1 : 0;
        if (ways > 1)
        {
            throw new ConfigException("url", withoutSecrets(url), "credentials in more than one place",
                "one of user:password in the URL, a header Authorization, and tokenFile");
        }
    }

    /**
     * Tells how it is spoken to.
     *
     * @return the kind that the URL's scheme stands for.
     */
    public UpstreamKind kind()
    {
        return UpstreamKind.ofScheme(url.getScheme());
    }

    /**
     * Tells where it is, for messages and logs.
     *
     * @return the URL without what may be secret in it.
     */
    public String place()
    {
        return withoutSecrets(url);
    }

    /**
     * The address without what may be secret in it: user info, path and query. The path of a socket file is no secret.
     *
     * @param url any address.
     * @return text for messages and logs.
     */
    public static String withoutSecrets(final URI url)
    {
        final String authority = url.getRawAuthority();
        if (url.getScheme() == null)
        {
            return withoutSecrets(url.getRawSchemeSpecificPart().replaceFirst("^//", ""));
        }
        if (authority == null)
        {
            return UpstreamKind.ofScheme(url.getScheme()) == UpstreamKind.IPC ?
                url.toString() : url.getScheme() + ":...";
        }
        final boolean hasMore = url.getRawPath() != null && url.getRawPath().length() > 1 || url.getRawQuery() != null;
        final String host = authority.substring(authority.lastIndexOf('@') + 1);
        final String userInfo = authority.indexOf('@') < 0 ? "" : "...@";
        return url.getScheme() + "://" + userInfo + host + (hasMore ? "/..." : "");
    }

    /** The same of what may be meant as an address that begins with the host. */
    private static String withoutSecrets(final String hostAndPath)
    {
        final String host = hostAndPath.replaceFirst("[/?].*", "");
        return host.replaceFirst("^.*@", "...@") + (host.length() + 1 < hostAndPath.length() ? "/..." : "");
    }

    /** Names it without secrets: a record's own text would hold the whole URL and all headers. */
    @Override
    public String toString()
    {
        return "UpstreamConfig[name=" + name + ", url=" + place() + ", headers=" + headers.keySet() + ", tokenFile=" +
            tokenFile + ", trust=" + trust + "]";
    }

    /**
     * Names an upstream that was given no name.
     *
     * @param index its place in the network, from 0.
     * @return the name.
     */
    public static String defaultName(final int index)
    {
        return "upstream-" + (index + 1);
    }

    /**
     * An upstream with the name of a network's first.
     *
     * @param url where the node is.
     * @return the upstream.
     */
    public static UpstreamConfig of(final String url)
    {
        return of(defaultName(0), url);
    }

    /**
     * An upstream.
     *
     * @param name used in logs and counters.
     * @param url  where the node is; an absolute path stands for the socket there.
     * @return the upstream.
     */
    public static UpstreamConfig of(final String name, final String url)
    {
        return new UpstreamConfig(name, url == null ? null : uri(url.trim()));
    }

    /**
     * Reads {@code NAME=URL}, or a URL alone.
     *
     * @param text        what a flag says.
     * @param defaultName the name of an upstream that is given none.
     * @return the upstream.
     */
    public static UpstreamConfig parse(final String text, final String defaultName)
    {
        final Matcher named = NAMED.matcher(text.trim());
        return named.matches() ? of(named.group(1), named.group(2)) : of(defaultName, text);
    }

    private static URI uri(final String text)
    {
        try
        {
            final String path = ipcPath(text);
            return path == null ? new URI(text) : new URI("ipc", null, path, null);
        }
        catch (final URISyntaxException ex)
        {
            throw new ConfigException("url", shown(text), "not a URL", ALLOWED_URL);
        }
    }

    /** The path of {@code /path}, {@code ipc:/path}, {@code unix:///path}, which may hold what a URL must escape. */
    private static String ipcPath(final String text)
    {
        if (text.startsWith("/"))
        {
            return text;
        }
        final int colon = text.indexOf(':');
        if (colon < 0 || UpstreamKind.ofScheme(text.substring(0, colon)) != UpstreamKind.IPC)
        {
            return null;
        }
        final String path = text.substring(colon + 1);
        return path.startsWith("///") ? path.substring(2) : path;
    }

    /** What can be shown of a text that is no URL: scheme and host at most, since a key may stand behind them. */
    private static String shown(final String text)
    {
        final String afterUser = text.substring(text.lastIndexOf('@') + 1);
        final int host = afterUser.indexOf("://");
        final int end = afterUser.indexOf('/', host < 0 ? 0 : host + 3);
        return end < 0 ? afterUser : afterUser.substring(0, end) + "/...";
    }

    /**
     * Reads a path.
     *
     * @param name the setting, for the message.
     * @param text the path.
     * @return the path.
     */
    static Path path(final String name, final String text)
    {
        try
        {
            return Path.of(text);
        }
        catch (final InvalidPathException ex)
        {
            throw new ConfigException(name, text, "not a path", "the path of a file");
        }
    }

    /**
     * The same upstream elsewhere.
     *
     * @param otherUrl where the node is instead.
     * @return a copy.
     */
    public UpstreamConfig withUrl(final URI otherUrl)
    {
        return new UpstreamConfig(name, otherUrl, headers, tokenFile, trust);
    }

    /**
     * The same upstream with one more header.
     *
     * @param header its name.
     * @param value  its value, which is never shown.
     * @return a copy.
     */
    public UpstreamConfig withHeader(final String header, final String value)
    {
        final Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new UpstreamConfig(name, url, more, tokenFile, trust);
    }

    /**
     * The same upstream with a token.
     *
     * @param file the file that holds it.
     * @return a copy.
     */
    public UpstreamConfig withTokenFile(final Path file)
    {
        return new UpstreamConfig(name, url, headers, file, trust);
    }

    /**
     * The same upstream with certificates of its own.
     *
     * @param pemFile the certificates that may have signed the node's.
     * @return a copy.
     */
    public UpstreamConfig withTrust(final Path pemFile)
    {
        return new UpstreamConfig(name, url, headers, tokenFile, pemFile);
    }
}
