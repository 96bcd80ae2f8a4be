package io.ringcast.pipeline;

import io.ringcast.config.ThreadingChoice;
import io.ringcast.session.ConnectionId;

/** Which threads run the stages. Immutable. The handlers and the ring are the same in every mode. */
public enum ThreadingMode
{
    /** I/O loop 0 runs the stages right after it has read: no hand-off, no wake-up. */
    COMPACT,
    /** One pipeline thread runs all stages. */
    SHARED,
    /** A thread for each stage. */
    DEDICATED,
    /** A test steps the stages by hand. */
    INVOKER;

    private static final int COMPACT_MAX_CORES = 2;
    private static final int SHARED_MAX_CORES = 7;

    /**
     * Resolves a choice.
     *
     * @param choice what the configuration says.
     * @param cores  how many cores the machine has.
     * @return the mode: by choice, else compact up to 2 cores, shared up to 7, dedicated above.
     */
    public static ThreadingMode of(final ThreadingChoice choice, final int cores)
    {
        switch (choice)
        {
            case COMPACT:
                return COMPACT;

            case SHARED:
                return SHARED;

            case DEDICATED:
                return DEDICATED;

            default:
                return cores <= COMPACT_MAX_CORES ? COMPACT : cores <= SHARED_MAX_CORES ? SHARED : DEDICATED;
        }
    }

    /**
     * How many I/O loops to run if the configuration does not say.
     *
     * @param cores how many cores the machine has.
     * @return 1 to {@link ConnectionId#MAX_LOOPS}.
     */
    public int defaultIoThreads(final int cores)
    {
        switch (this)
        {
            case SHARED:
                return atMostMaxLoops(cores - 1);

            case DEDICATED:
                return atMostMaxLoops(cores - 3);

            default:
                return atMostMaxLoops(cores / 2);
        }
    }

    /**
     * How many pipeline threads each network has.
     *
     * @return the number.
     */
    public int pipelineThreads()
    {
        switch (this)
        {
            case SHARED:
                return 1;

            case DEDICATED:
                return 3;

            default:
                return 0;
        }
    }

    private static int atMostMaxLoops(final int threads)
    {
        return Math.max(1, Math.min(threads, ConnectionId.MAX_LOOPS));
    }
}
