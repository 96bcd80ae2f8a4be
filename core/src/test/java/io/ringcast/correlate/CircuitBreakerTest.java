package io.ringcast.correlate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest
{
    private static final long NOW = -5_000_000_000L;

    /** The random half of each pause is all of it. */
    private final CircuitBreaker breaker = new CircuitBreaker(new RandomGenerator()
    {
        @Override
        public long nextLong()
        {
            return 0;
        }

        @Override
        public long nextLong(final long bound)
        {
            return bound - 1;
        }
    });

    @Test
    void shouldOpenAtTheFifthFailureInARow()
    {
        for (int i = 1; i < CircuitBreaker.LIMIT_FAILURES; i++)
        {
            assertFalse(breaker.onFailure(NOW));
        }
        assertFalse(breaker.isOpen());

        assertTrue(breaker.onFailure(NOW));
        assertTrue(breaker.isOpen());
    }

    @Test
    void shouldCountFromTheStartGivenASuccessBetween()
    {
        fail(CircuitBreaker.LIMIT_FAILURES - 1, NOW);
        breaker.onSuccess();
        fail(CircuitBreaker.LIMIT_FAILURES - 1, NOW);

        assertFalse(breaker.isOpen());
        assertEquals(CircuitBreaker.LIMIT_FAILURES - 1, breaker.failures());
    }

    @Test
    void shouldForgetFailuresThatAreOldWhileItIsClosed()
    {
        fail(CircuitBreaker.LIMIT_FAILURES - 1, NOW);
        breaker.onTick(NOW + CircuitBreaker.FORGET_NS - 1);
        assertEquals(CircuitBreaker.LIMIT_FAILURES - 1, breaker.failures());

        breaker.onTick(NOW + CircuitBreaker.FORGET_NS);
        assertEquals(0, breaker.failures());
    }

    @Test
    void shouldLetOneCallTryItWhenThePauseIsOver()
    {
        fail(CircuitBreaker.LIMIT_FAILURES, NOW);

        assertFalse(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS - 1));
        assertTrue(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS));
        breaker.beginTrial();
        assertFalse(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS + 1));
    }

    @Test
    void shouldLetAnotherTryItGivenATrialThatWasLostFromSight()
    {
        fail(CircuitBreaker.LIMIT_FAILURES, NOW);
        breaker.beginTrial();

        assertTrue(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS + CircuitBreaker.MAX_PAUSE_NS));
    }

    @Test
    void shouldDoubleThePauseWithEachTrialThatFailsUpToTheLongest()
    {
        fail(CircuitBreaker.LIMIT_FAILURES, NOW);
        long nowNs = NOW;
        long pauseNs = CircuitBreaker.MIN_PAUSE_NS;
        for (int i = 0; i < 10; i++)
        {
            assertFalse(breaker.isTrialDue(nowNs + pauseNs - 1), "pause " + i);
            assertTrue(breaker.isTrialDue(nowNs + pauseNs), "pause " + i);
            nowNs += pauseNs;
            breaker.beginTrial();
            assertTrue(breaker.onFailure(nowNs));
            pauseNs = Math.min(CircuitBreaker.MAX_PAUSE_NS, pauseNs * 2);
        }
        assertEquals(CircuitBreaker.MAX_PAUSE_NS, pauseNs);
    }

    @Test
    void shouldNotPauseLongerGivenFailuresOfCallsThatWereUnderWayWhenItOpened()
    {
        fail(CircuitBreaker.LIMIT_FAILURES, NOW);

        assertFalse(breaker.onFailure(NOW + 500));
        assertTrue(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS));
    }

    @Test
    void shouldCloseAndBeginWithTheShortestPauseGivenATrialThatSucceeds()
    {
        fail(CircuitBreaker.LIMIT_FAILURES, NOW);
        breaker.beginTrial();
        breaker.onFailure(NOW);
        breaker.beginTrial();
        breaker.onSuccess();
        assertFalse(breaker.isOpen());

        fail(CircuitBreaker.LIMIT_FAILURES, NOW);
        assertTrue(breaker.isTrialDue(NOW + CircuitBreaker.MIN_PAUSE_NS));
    }

    private void fail(final int times, final long nowNs)
    {
        for (int i = 0; i < times; i++)
        {
            breaker.onFailure(nowNs);
        }
    }
}
