package io.ringcast.transport;

import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;

import java.util.ArrayList;
import java.util.List;

/**
 * How a relay under test is driven.
 * Immutable.
 */
record Mode(TransportChoice transport, ThreadingChoice threading, int ioThreads)
{
    /** The one for tests that do not depend on it. */
    static final Mode USUAL = new Mode(TransportChoice.AUTO, ThreadingChoice.COMPACT, 2);

    /** For a second run of the tests, as on another JDK: what differs between modes was tried in the first. */
    private static final boolean IS_FEW = "few".equals(System.getProperty("ringcast.modes"));

    /** Every transport with every threading, on one and on three loops. */
    static List<Mode> all()
    {
        if (IS_FEW)
        {
            return some();
        }
        final List<Mode> modes = new ArrayList<>();
        for (final TransportChoice transport :
            List.of(TransportChoice.EPOLL, TransportChoice.NIO, TransportChoice.IO_URING))
        {
            for (final ThreadingChoice threading :
                List.of(ThreadingChoice.COMPACT, ThreadingChoice.SHARED, ThreadingChoice.DEDICATED))
            {
                modes.add(new Mode(transport, threading, 1));
                modes.add(new Mode(transport, threading, 3));
            }
        }
        return modes;
    }

    /** Every transport once, and every threading once: for slower tests. */
    static List<Mode> some()
    {
        final Mode first = new Mode(TransportChoice.EPOLL, ThreadingChoice.COMPACT, 3);
        return IS_FEW ? List.of(first) : List.of(
            first,
            new Mode(TransportChoice.NIO, ThreadingChoice.SHARED, 1),
            new Mode(TransportChoice.IO_URING, ThreadingChoice.DEDICATED, 3));
    }
}
