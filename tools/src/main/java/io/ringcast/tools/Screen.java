package io.ringcast.tools;

import io.ringcast.transport.RelayStatus;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands print on stdout. Confined to the main thread. */
final class Screen
{
    private Screen()
    {
    }

    static void line(final CommandSpec spec, final String text)
    {
        final PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    /** Every counter that is not zero, by name. */
    static void counters(final CommandSpec spec, final RelayStatus status)
    {
        status.counters().forEach((name, value) ->
        {
            if (value != 0)
            {
                line(spec, String.format("  %-40s %,d", name, value));
            }
        });
    }

    /** The URL that a client on this machine uses, without a path. */
    static String url(final InetSocketAddress address)
    {
        return url("ws", address);
    }

    static String url(final String scheme, final InetSocketAddress address)
    {
        final String host = address.getAddress().isAnyLocalAddress() ?
            "127.0.0.1" : address.getAddress().getHostAddress();
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
