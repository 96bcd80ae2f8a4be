package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class HeadWatchTest
{
    private final HeadWatch watch = new HeadWatch();

    @Test
    void shouldCountWhatIsMissingWhenNumbersJump()
    {
        head(10, 0);
        head(11, 100);
        head(14, 200);

        assertEquals(3, watch.heads());
        assertEquals(2, watch.missing());
        assertEquals(100, watch.meanGapNs());
    }

    @Test
    void shouldMissNothingWhenTheChainGoesBackAndOn()
    {
        head(10, 0);
        head(11, 1);
        head(10, 2);
        head(11, 3);

        assertEquals(0, watch.missing());
    }

    @Test
    void shouldTellTheTimeToTheNextHeadWhenAMomentWasMarked()
    {
        head(10, 0);
        watch.mark(1_000);
        assertTrue(watch.nextAfterNs() < 0);
        head(11, 1_250);
        head(12, 1_900);

        assertEquals(250, watch.nextAfterNs());
    }

    private void head(final long number, final long nowNs)
    {
        final String hash = "0x" + "0".repeat(48) + String.format("%016x", number);
        final ByteBuf bytes = Unpooled.copiedBuffer("..{\"number\":\"0x" + Long.toHexString(number) +
            "\",\"hash\":\"" + hash + "\",\"parentHash\":\"" + hash + "\"}", StandardCharsets.US_ASCII);
        watch.onHead(bytes, 2, bytes.readableBytes() - 2, nowNs);
    }
}
