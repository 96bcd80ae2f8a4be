package io.ringcast.tools.replay;

import io.ringcast.config.ConfigException;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets recorded time pass as fast as was asked for.
 * Confined to the main thread.
 */
public final class ReplaySpeed
{
    private static final String ALLOWED = "max, or a factor such as 1x, 0.5x or 20x";

    /** 0 for as fast as it goes. */
    private final double factor;
    private boolean hasBegun;
    private long recordedStartNs;
    private long startNs;

    private ReplaySpeed(final double factor)
    {
        this.factor = factor;
    }

    /**
     * Reads a speed.
     *
     * @param text {@code max}, or a factor and {@code x}.
     * @return the speed.
     * @throws ConfigException if it is none.
     */
    public static ReplaySpeed parse(final String text)
    {
        if ("max".equals(text))
        {
            return new ReplaySpeed(0);
        }
        if (text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?x") && Double.parseDouble(text.replace("x", "")) > 0)
        {
            return new ReplaySpeed(Double.parseDouble(text.replace("x", "")));
        }
        throw new ConfigException("--speed", text, "not a speed", ALLOWED);
    }

    /** Waits until it is time for a slot. */
    void await(final long recordedNs)
    {
        if (factor == 0)
        {
            return;
        }
        if (!hasBegun)
        {
            hasBegun = true;
            recordedStartNs = recordedNs;
            startNs = System.nanoTime();
        }
        final long dueNs = startNs + (long)((recordedNs - recordedStartNs) / factor);
        long leftNs = dueNs - System.nanoTime();
        while (leftNs > 0)
        {
            LockSupport.parkNanos(leftNs);
            leftNs = dueNs - System.nanoTime();
        }
    }
}
