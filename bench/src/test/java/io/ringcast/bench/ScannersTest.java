package io.ringcast.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.bench.fixture.PlainScanner;
import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.bench.fixture.VectorScanner;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** That the scanners which the decoder is compared with do the same work. Confined to one thread. */
class ScannersTest
{
    private final PlainScanner plain = new PlainScanner();
    private final VectorScanner vectors = new VectorScanner();

    @Test
    void shouldAgreeGivenTextsWithOneByteChanged()
    {
        final SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (final byte[] text : new byte[][]{
            SampleTexts.call(), SampleTexts.logNotification(1), SampleTexts.headNotification()})
        {
            assertEquals("" + text.length, verdict(vectors, text));
            for (int i = 0; i < 5_000; i++)
            {
                final byte[] changed = text.clone();
                changed[random.nextInt(changed.length)] = (byte)random.nextInt(256);
                final String expected = verdict(plain, changed);
                refused += expected.startsWith("at") ? 1 : 0;
                assertEquals(expected, verdict(vectors, changed));
            }
        }
        assertTrue(refused > 1_000 && refused < 14_000, refused + " refused");
    }

    private static String verdict(final PlainScanner scanner, final byte[] text)
    {
        try
        {
            return "" + scanner.scan(text, text.length);
        }
        catch (final IllegalArgumentException e)
        {
            return e.getMessage();
        }
    }
}
