package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringcast.config.ConfigException;
import io.ringcast.config.CoreList;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.pipeline.ThreadingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
class ThreadPlanTest
{
    @ParameterizedTest
    @CsvSource({"2, COMPACT, 1, 0", "4, SHARED, 2, 1", "7, SHARED, 5, 1", "8, DEDICATED, 4, 3"})
    void shouldLeaveACoreToOthersWhenThreadsSpin(
        final int cores, final ThreadingMode mode, final int ioThreads, final int pipelineThreads)
    {
        final ThreadPlan plan = ThreadPlan.of(config().profile(ProfileChoice.LOW_LATENCY).build(), machine(cores, ""));

        assertEquals(new ThreadPlan(mode, ioThreads, pipelineThreads, true, CoreList.NONE), plan);
    }

    @Test
    void shouldUseEachNamedCoreWhenTheyAreIsolated()
    {
        // The JVM is given what is not isolated.
        final MachineCores machine = new MachineCores(2, cores("0-7"), cores("2-7"));

        final ThreadPlan plan = ThreadPlan.of(
            config().profile(ProfileChoice.LOW_LATENCY).cores(cores("2-7")).build(), machine);

        assertEquals(new ThreadPlan(ThreadingMode.SHARED, 5, 1, true, cores("2-7")), plan);
    }

    @Test
    void shouldRefuseWhenEveryCoreWouldSpin()
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> ThreadPlan.of(
            config().profile(ProfileChoice.LOW_LATENCY).threading(ThreadingChoice.DEDICATED).build(), machine(2, "")));

        assertEquals("profile=low-latency: 4 threads would spin and there are 2 cores; allowed: more cores than " +
            "threads: fewer ioThreads, threading compact, or profile default", refused.getMessage());
    }

    @Test
    void shouldRefuseWhenTheOnlyCoreWouldSpin()
    {
        assertThrows(ConfigException.class, () -> ThreadPlan.of(
            config().profile(ProfileChoice.LOW_LATENCY).build(), machine(1, "")));
    }

    @Test
    void shouldRefuseWhenThreadsOutnumberTheNamedCores()
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> ThreadPlan.of(
            config().threading(ThreadingChoice.SHARED).ioThreads(2).cores(cores("0-1")).build(), machine(4, "")));

        assertEquals("cores", refused.name());
        assertEquals("0-1", refused.value());
    }

    @Test
    void shouldRefuseWhenANamedCoreIsNotThere()
    {
        final ConfigException refused = assertThrows(ConfigException.class, () -> ThreadPlan.of(
            config().cores(cores("1-5")).build(), machine(4, "")));

        assertEquals("cores=1-5: this machine has no core 4-5; allowed: among 0-3", refused.getMessage());
    }

    private static RelayConfig.Builder config()
    {
        return RelayConfig.builder().upstream("ws://127.0.0.1:1");
    }

    private static MachineCores machine(final int count, final String isolated)
    {
        return new MachineCores(count, cores("0-" + (count - 1)), cores(isolated));
    }

    private static CoreList cores(final String text)
    {
        return CoreList.parse("cores", text);
    }
}
