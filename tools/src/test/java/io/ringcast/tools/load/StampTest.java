package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class StampTest
{
    @ParameterizedTest
    @CsvSource({"0, 1", "123456789012345, 42", "9223372036854775807, 281474976710655", "-1, 7"})
    void shouldReadWhatWasWrittenWhenItIsAmongOtherBytes(final long scheduledNs, final long sequence)
    {
        final byte[] text = new byte[100];
        Arrays.fill(text, (byte)'7');
        Stamp.write(text, 41, scheduledNs, sequence);
        final ByteBuf bytes = Unpooled.wrappedBuffer(text);

        assertEquals(41, Stamp.find(bytes, 0, text.length));
        assertEquals(-1, Stamp.find(bytes, 42, text.length));
        assertEquals(-1, Stamp.find(bytes, 0, 41 + Stamp.LENGTH - 1));
        assertTrue(Stamp.isAt(bytes, 41));
        assertFalse(Stamp.isAt(bytes, 40));
        assertEquals(scheduledNs, Stamp.scheduledNs(bytes, 41));
        assertEquals(sequence, Stamp.sequence(bytes, 41));
        assertEquals("72696e67", new String(text, 41, 8, StandardCharsets.US_ASCII));
    }
}
