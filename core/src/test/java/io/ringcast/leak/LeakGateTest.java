package io.ringcast.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

import java.util.List;

/** That the gate is in place: whoever breaks it would otherwise see green. */
class LeakGateTest
{
    /** Of what one collection found, the gate's own object may be handed over before the lost buffer. */
    private static final int LIMIT_TRIES = 20;

    @Test
    void shouldWatchEveryBuffer()
    {
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
    }

    @Test
    void shouldReportGivenALostBuffer() throws Exception
    {
        for (final ByteBufAllocator allocator :
            List.of(PooledByteBufAllocator.DEFAULT, UnpooledByteBufAllocator.DEFAULT))
        {
            RecordingLeakDetector.takeReports();
            allocator.directBuffer(16).writeByte(1);

            boolean isReported = false;
            for (int tries = 0; tries < LIMIT_TRIES && !isReported; tries++)
            {
                LeakGate.collectGarbage();
                allocator.directBuffer(1).release();
                isReported = !RecordingLeakDetector.takeReports().isEmpty();
            }

            assertTrue(isReported, allocator.toString());
        }
    }
}
