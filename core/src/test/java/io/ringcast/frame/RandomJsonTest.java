package io.ringcast.frame;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Scanner and decoder against Jackson, over random texts. A failure names the seed that brings its text back.
 * More of them: {@code -Dringcast.texts=100000}.
 */
class RandomJsonTest
{
    private static final int TEXTS = Integer.getInteger("ringcast.texts", 8_000);
    private static final byte[] POISON = "\"}]1e\\".getBytes(StandardCharsets.US_ASCII);

    private final JacksonOracle oracle = new JacksonOracle();
    private final JsonScanner scanner = new JsonScanner();
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();

    @Test
    void shouldAcceptWhatJacksonAcceptsGivenValidTexts()
    {
        for (long seed = 0; seed < TEXTS; seed++)
        {
            final byte[] text = new RandomJson(seed).document();

            assertNotNull(oracle.parse(text), () -> "generator wrote no JSON: " + show(text));
            checkAcceptance(seed, text);
        }
    }

    @Test
    void shouldAcceptWhatJacksonAcceptsGivenSpoiltTexts()
    {
        int refusedTexts = 0;
        for (long seed = 0; seed < 3 * TEXTS; seed++)
        {
            final RandomJson generator = new RandomJson(seed);
            refusedTexts += checkAcceptance(seed, generator.spoil(generator.document())) ? 0 : 1;
        }

        assertTrue(refusedTexts > TEXTS, "too few texts were spoilt: " + refusedTexts);
    }

    @Test
    void shouldNoteTheRangesThatJacksonReportsGivenEnvelopes()
    {
        final int[] kinds = new int[FrameKind.values().length];
        for (long seed = 0; seed < 2 * TEXTS; seed++)
        {
            checkView(seed, new RandomJson(seed).envelope());
            kinds[view.kind.ordinal()]++;
        }

        for (final FrameKind kind : FrameKind.values())
        {
            assertTrue(kind == FrameKind.INVALID_JSON || kinds[kind.ordinal()] > TEXTS / 50,
                () -> "too few texts of a kind: " + Arrays.toString(kinds));
        }
    }

    @Test
    void shouldNoteTheRangesThatJacksonReportsGivenSpoiltEnvelopes()
    {
        for (long seed = 0; seed < TEXTS; seed++)
        {
            final RandomJson generator = new RandomJson(seed);
            checkView(seed, generator.spoil(generator.envelope()));
        }
    }

    /** Once with nothing beside the text, once with bytes that would change the answer if they were read. */
    private boolean checkAcceptance(final long seed, final byte[] text)
    {
        final boolean isExpected = oracle.parse(text) != null;
        assertEquals(isExpected, isAccepted(text, 0, text.length), () -> "seed " + seed + ": " + show(text));
        final byte[] poisoned = surround(text, seed);
        assertEquals(isExpected, isAccepted(poisoned, 9, text.length),
            () -> "seed " + seed + ", beside " + (char)poisoned[0] + ": " + show(text));
        return isExpected;
    }

    private boolean isAccepted(final byte[] bytes, final int offset, final int length)
    {
        final int end = scanner.skipValue(bytes, offset, offset + length, 0);
        return end > 0 && JsonScanner.skipWhite(bytes, end, offset + length) == offset + length;
    }

    private void checkView(final long seed, final byte[] text)
    {
        final String expected = ExpectedView.of(text, oracle.parse(text));
        final byte[] poisoned = surround(text, seed);
        decoder.decode(poisoned, 9, text.length, view);
        assertEquals(expected, ExpectedView.of(view, 9),
            () -> "seed " + seed + ", beside " + (char)poisoned[0] + ": " + show(text));
        decoder.decode(text, 0, text.length, view);
        assertEquals(expected, ExpectedView.of(view, 0), () -> "seed " + seed + ": " + show(text));
        final boolean isInvalid = view.kind == FrameKind.INVALID_JSON || view.kind == FrameKind.INVALID_REQUEST;
        assertEquals(isInvalid, view.refusal != null, () -> "seed " + seed + ": " + show(text));
    }

    private static byte[] surround(final byte[] text, final long seed)
    {
        final byte poison = POISON[(int)(seed % POISON.length)];
        final byte[] surrounded = new byte[9 + text.length + 17];
        Arrays.fill(surrounded, poison);
        System.arraycopy(text, 0, surrounded, 9, text.length);
        return surrounded;
    }

    private static String show(final byte[] text)
    {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
