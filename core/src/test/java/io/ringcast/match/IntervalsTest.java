package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who leaves before its interval is over leaves nothing behind. */
class IntervalsTest
{
    private static final int LIVE = 50;
    private static final int GONE = 10_000;

    private final Intervals intervals = new Intervals();

    @Test
    void shouldKeepAsManyQuestionsAsThereAreSubscribersGivenManyWhoLeave()
    {
        for (int i = 0; i < LIVE; i++)
        {
            park();
        }
        for (int i = 0; i < GONE; i++)
        {
            park().isOver = true;
            assertTrue(intervals.earlyCount() <= 2 * (LIVE + 1), () -> intervals.earlyCount() + " are kept");
        }
    }

    @Test
    void shouldKeepAllWhoAreThere()
    {
        for (int i = 0; i < GONE; i++)
        {
            park();
        }

        assertEquals(GONE, intervals.earlyCount());
    }

    private PatientSubscriber park()
    {
        final PatientSubscriber subscriber = new PatientSubscriber(null, DeliveryOptions.PLAIN, 0, -1);
        subscriber.interval.begin(0, TimeUnit.HOURS.toMillis(1));
        intervals.park(new Intervals.Parked(subscriber, 1, 1, 0), 0);
        return subscriber;
    }
}
