package io.ringcast.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Netty's leak detector, which remembers what it finds in place of logging it: the failing class says it.
 * Any thread.
 */
final class RecordingLeakDetector<T> extends ResourceLeakDetector<T>
{
    private static final LinkedBlockingQueue<String> REPORTS = new LinkedBlockingQueue<>();

    RecordingLeakDetector(final Class<?> resourceType, final int samplingInterval)
    {
        super(resourceType, samplingInterval);
    }

    static List<String> takeReports()
    {
        final List<String> reports = new ArrayList<>();
        REPORTS.drainTo(reports);
        return reports;
    }

    /** The logger may be silent about errors; reports are wanted in any case. */
    @Override
    protected boolean needReport()
    {
        return true;
    }

    @Override
    protected void reportTracedLeak(final String resourceType, final String records)
    {
        REPORTS.add(resourceType + ".release() was not called. Recent accesses:" + records);
    }

    @Override
    protected void reportUntracedLeak(final String resourceType)
    {
        REPORTS.add(resourceType + ".release() was not called");
    }

    /** Makes such detectors for every kind of resource. */
    static final class Factory extends ResourceLeakDetectorFactory
    {
        @Override
        @SuppressWarnings("deprecation")
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            final Class<T> resource, final int samplingInterval, final long maxActive)
        {
            return new RecordingLeakDetector<>(resource, samplingInterval);
        }
    }
}
