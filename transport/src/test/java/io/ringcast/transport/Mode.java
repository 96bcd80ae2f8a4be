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

    /**
     * {@code few} is for a second run of the tests, as on another JDK: what differs between modes was tried in the
     * first. {@code all} leaves out nothing.
     */
    private static final String MODES = System.getProperty("ringcast.modes", "pairs");
    private static final boolean IS_FEW = "few".equals(MODES);

    /** Every transport with every threading, and each of them on one loop and on three. */
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
                // One after the other, so that each pair of choices is there, though not each three.
                final boolean isOneLoop = modes.size() % 2 == 0;
                modes.add(new Mode(transport, threading, isOneLoop ? 1 : 3));
                if ("all".equals(MODES))
                {
                    modes.add(new Mode(transport, threading, isOneLoop ? 3 : 1));
                }
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
