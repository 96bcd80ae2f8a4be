package io.ringcast.correlate;

import java.util.random.RandomGenerator;

/**
 * Sets an upstream aside after failures in a row, and lets one call try it after a pause that grows.
 * Confined to the pipeline thread that runs correlate.
 */
final class CircuitBreaker
{
    /** Failures in a row that open it. */
    static final int LIMIT_FAILURES = 5;
    static final long MIN_PAUSE_NS = 1_000_000_000L;
    static final long MAX_PAUSE_NS = 30_000_000_000L;
    /** A failure is forgotten after this, or an upstream that gets no calls could never make it good. */
    static final long FORGET_NS = 10_000_000_000L;

    private final RandomGenerator random;
    private boolean isOpen;
    private boolean isTrialUnderWay;
    private int failures;
    private long lastFailureNs;
    private long pauseNs = MIN_PAUSE_NS;
    private long retryAtNs;

    /**
     * Creates it closed.
     *
     * @param random half of each pause is random, so that many relays do not come back at once.
     */
    CircuitBreaker(final RandomGenerator random)
    {
        this.random = random;
    }

    void onSuccess()
    {
        isOpen = false;
        isTrialUnderWay = false;
        failures = 0;
        pauseNs = MIN_PAUSE_NS;
    }

    /**
     * Notes a failure.
     *
     * @return true if it opened because of it.
     */
    boolean onFailure(final long nowNs)
    {
        failures++;
        lastFailureNs = nowNs;
        if (isOpen ? !isTrialUnderWay : failures < LIMIT_FAILURES)
        {
            return false;
        }
        isOpen = true;
        isTrialUnderWay = false;
        retryAtNs = nowNs + pauseNs / 2 + random.nextLong(pauseNs / 2 + 1);
        pauseNs = Math.min(MAX_PAUSE_NS, pauseNs * 2);
        return true;
    }

    void onTick(final long nowNs)
    {
        if (!isOpen && failures > 0 && nowNs - lastFailureNs >= FORGET_NS)
        {
            failures = 0;
        }
    }

    boolean isOpen()
    {
        return isOpen;
    }

    /** Whether the pause is over and no call tries it yet, or the one that did was lost from sight. */
    boolean isTrialDue(final long nowNs)
    {
        return isOpen && nowNs - retryAtNs >= (isTrialUnderWay ? MAX_PAUSE_NS : 0);
    }

    void beginTrial()
    {
        isTrialUnderWay = true;
    }

    /** Failures in a row of late. */
    int failures()
    {
        return failures;
    }
}
