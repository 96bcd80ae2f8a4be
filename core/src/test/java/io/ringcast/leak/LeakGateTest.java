package io.ringcast.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

import java.util.List;

/** That the gate is in place: whoever breaks it would otherwise see green. */
class LeakGateTest
{
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

            LeakGate.collectGarbage();
            allocator.directBuffer(1).release();

            assertFalse(RecordingLeakDetector.takeReports().isEmpty(), allocator.toString());
        }
    }
}
