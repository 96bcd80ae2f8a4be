package io.ringcast.transport;

import io.ringcast.config.ConfigException;
import io.ringcast.config.CoreList;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.RelayConfig;
import io.ringcast.pipeline.ThreadingMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which threads a relay will have.
 * Immutable.
 *
 * @param mode            where the stages run.
 * @param ioThreads       I/O loops.
 * @param pipelineThreads threads of the stages, of all networks together.
 * @param isSpinning      whether they spin while they have nothing to do.
 * @param cores           a core for each, or none.
 */
record ThreadPlan(ThreadingMode mode, int ioThreads, int pipelineThreads, boolean isSpinning, CoreList cores)
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadPlan.class);

    /**
     * Makes the plan.
     *
     * @param config  what is wanted.
     * @param machine what there is.
     * @return the plan.
     * @throws ConfigException if the machine has too few cores for what is wanted.
     */
    static ThreadPlan of(final RelayConfig config, final MachineCores machine)
    {
        final CoreList cores = config.cores();
        final CoreList missing = cores.without(machine.online());
        if (!missing.isEmpty())
        {
            throw new ConfigException("cores", cores, "this machine has no core " + missing,
                machine.online().isEmpty() ? "none: this system has no cores to choose" : "among " + machine.online());
        }
        final boolean isSpinning = config.profile() == ProfileChoice.LOW_LATENCY;
        final int count = cores.isEmpty() ? machine.available() : cores.count();
        final ThreadingMode mode = ThreadingMode.of(config.threading(), count);
        // A core is left to the compiler, the collector and the kernel, unless the list of cores has left it already.
        final int share = isSpinning && count == allCores(config, machine) ? count - 1 : count;
        final int ioThreads = config.ioThreads() > 0 ? config.ioThreads() : mode.defaultIoThreads(share);
        final ThreadPlan plan = new ThreadPlan(
            mode, ioThreads, mode.pipelineThreads() * config.networks().size(), isSpinning, cores);
        plan.check(allCores(config, machine));
        return plan;
    }

    int threads()
    {
        return ioThreads + pipelineThreads;
    }

    /** Says in the log what else may run where threads spin. */
    void warnOfSharedCores(final MachineCores machine)
    {
        final CoreList shared = cores.without(machine.isolated());
        if (isSpinning && cores.isEmpty())
        {
            LOGGER.warn("profile low-latency without cores: {} threads spin and are moved about as the scheduler likes",
                threads());
        }
        else if (isSpinning && !shared.isEmpty())
        {
            LOGGER.warn("profile low-latency: cores {} are not isolated (kernel parameter isolcpus); whatever else " +
                "runs there is in the way of the relay, and the relay in its way", shared);
        }
    }

    /** Isolated cores count only when they are named: by itself nothing runs on them. */
    private static int allCores(final RelayConfig config, final MachineCores machine)
    {
        return config.cores().isEmpty() ? machine.available() : machine.online().count();
    }

    private void check(final int allCores)
    {
        if (isSpinning && threads() >= allCores)
        {
            throw new ConfigException("profile", "low-latency",
                threads() + " threads would spin and there are " + allCores + " cores",
                "more cores than threads: fewer ioThreads, threading compact, or profile default");
        }
        if (!cores.isEmpty() && cores.count() < threads())
        {
            throw new ConfigException("cores", cores, "too few for " + threads() + " threads",
                "a core for each thread: more cores, fewer ioThreads, or threading compact");
        }
    }
}
