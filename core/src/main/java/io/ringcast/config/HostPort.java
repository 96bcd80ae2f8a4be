package io.ringcast.config;

/**
 * An address to listen on, written {@code host:port} or {@code [v6 address]:port}.
 * Immutable.
 *
 * @param host a name or address, without brackets.
 * @param port 0 lets the system choose.
 */
public record HostPort(String host, int port)
{
    private static final String ALLOWED = "HOST:PORT with a port from 0 to 65535, for example 127.0.0.1:9545";

    /**
     * Reads an address.
     *
     * @param name the setting, for the message.
     * @param text the address.
     * @return its two parts.
     * @throws ConfigException when it is none.
     */
    public static HostPort parse(final String name, final String text)
    {
        final int colon = text.lastIndexOf(':');
        if (colon < 0)
        {
            throw new ConfigException(name, text, "no port", ALLOWED);
        }
        return new HostPort(host(name, text, text.substring(0, colon)), port(name, text, text.substring(colon + 1)));
    }

    private static String host(final String name, final String text, final String host)
    {
        final boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        final String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.isBlank() || bare.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '['))
        {
            throw new ConfigException(name, text, "not a host name or address", ALLOWED);
        }
        if (!isBracketed && bare.indexOf(':') >= 0)
        {
            throw new ConfigException(name, text, "an IPv6 address needs brackets", "[::1]:9545");
        }
        return bare;
    }

    private static int port(final String name, final String text, final String digits)
    {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65535)
        {
            throw new ConfigException(name, text, "not a port", ALLOWED);
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString()
    {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
