package io.ringcast.leak;

import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Fails a test class after which Netty reports a lost buffer. With the paranoid level every buffer is watched.
 * Confined to the thread of JUnit's engine.
 *
 * <p>A lost buffer is known when it has been collected and the next one is made, so both are brought about here. A leak
 * of another thread may be found one class late; the report says where the buffer was used.
 */
public final class LeakGate implements BeforeAllCallback, AfterAllCallback
{
    private static final long COLLECT_MS = 5_000;

    static
    {
        // Before the first buffer is made: each buffer class takes its detector once.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingLeakDetector.Factory());
    }

    @Override
    public void beforeAll(final ExtensionContext context)
    {
        // Being loaded is enough.
    }

    @Override
    public void afterAll(final ExtensionContext context) throws InterruptedException
    {
        if (context.getRequiredTestClass().isMemberClass())
        {
            return;
        }
        collectGarbage();
        Unpooled.directBuffer(1).release();
        Unpooled.buffer(1).release();
        final List<String> reports = RecordingLeakDetector.takeReports();
        if (!reports.isEmpty())
        {
            throw new AssertionError(
                "LEAK: " + reports.size() + " kinds of lost buffers\n" + String.join("\n", reports));
        }
    }

    /** Returns when an object that was garbage at the call has been handed to its queue, as the lost buffers are. */
    static void collectGarbage() throws InterruptedException
    {
        final ReferenceQueue<Object> collected = new ReferenceQueue<>();
        final WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
        System.gc();
        if (collected.remove(COLLECT_MS) != canary)
        {
            throw new AssertionError("nothing was collected in " + COLLECT_MS + " ms: is explicit GC disabled?");
        }
    }
}
