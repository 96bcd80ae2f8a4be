package io.ringcast.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringcast.fuzz.KeptInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Any bytes at all: the decoder says of them what the oracle says, and looks at nothing beside them. */
class JsonEnvelopeFuzz
{
    private static final int RUNS = 5_000;
    private static final int MARGIN_BYTES = 9;
    private static final byte[] POISON = {'"', '}', ']', '1', 'e', '\\', (byte)0x80};

    private final JacksonOracle oracle = new JacksonOracle();
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldSayWhatTheOracleSays(final byte[] text)
    {
        final String expected = ExpectedView.of(text, oracle.parse(text));
        final byte poison = POISON[text.length % POISON.length];
        final byte[] surrounded = new byte[text.length + 2 * MARGIN_BYTES];
        Arrays.fill(surrounded, poison);
        System.arraycopy(text, 0, surrounded, MARGIN_BYTES, text.length);

        decoder.decode(surrounded, MARGIN_BYTES, text.length, view);

        assertEquals(expected, ExpectedView.of(view, MARGIN_BYTES));
        for (int i = 0; i < view.elementCount; i++)
        {
            checkElement(surrounded, view.elementOffsets[i], view.elementLengths[i]);
        }
    }

    @Test
    void shouldSayWhatTheOracleSaysGivenChangedInputs()
    {
        new KeptInputs(JsonEnvelopeFuzz.class, "shouldSayWhatTheOracleSays",
            "{", "}", "[", "]", "\"", ",", ":", "\\u0000", "\\ud800", "-0", "1e+9", ".5", "true", "nul", " ", "\ufeff",
            "\"id\":", "\"jsonrpc\":\"2.0\"", "\"method\":\"a\"", "\"params\":{", "\"subscription\":\"0x1\"",
            "\"result\":", "\"error\":", "\u00e9", "\ud83d\ude00", "[[[[[[[[", "\t\n\r")
            .change(RUNS, this::shouldSayWhatTheOracleSays);
    }

    /** A batch's element is decoded on its own, in place. */
    private void checkElement(final byte[] bytes, final int offset, final int length)
    {
        final byte[] element = Arrays.copyOfRange(bytes, offset, offset + length);
        final FrameView own = new FrameView();
        new FrameDecoder().decode(bytes, offset, length, own);
        assertEquals(ExpectedView.of(element, oracle.parse(element)), ExpectedView.of(own, offset));
    }
}
