package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Confined to the test's thread. */
class LogPlacesTest
{
    private final LogPlaces places = new LogPlaces();

    @Test
    void shouldFindTheFirstTimeFromAPlaceOn()
    {
        append(1, 2, 3, 2, 1);

        assertEquals(1, places.find(0, hash(2)));
        assertEquals(1, places.find(1, hash(2)));
        assertEquals(3, places.find(2, hash(2)));
        assertEquals(5, places.end());
    }

    @Test
    void shouldStayAtThePlaceGivenABlockThatIsNotBehindIt()
    {
        append(1, 2, 3);

        assertEquals(1, places.find(1, hash(1)));
        assertEquals(1, places.find(1, hash(4)));
        assertEquals(3, places.find(3, hash(1)));
    }

    @Test
    void shouldForgetTheOldestGivenManyHeads()
    {
        for (int number = 0; number < 3_000; number++)
        {
            append(number);
        }

        assertEquals(0, places.find(0, hash(1)));
        assertEquals(2_500, places.find(0, hash(2_500)));
    }

    private void append(final long... numbers)
    {
        for (final long number : numbers)
        {
            places.append(hash(number));
        }
    }

    private static long[] hash(final long number)
    {
        return new long[]{number, ~number, 0, 0};
    }
}
