package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.ItemSource;
import java.io.IOException;

/** A relay that can be put under load: ringcast or a peer. Confined to the main thread. */
interface Subject
{
    /** What tables call it. */
    String name();

    /** What to install if it is not there; null if it is. */
    String missing();

    /** Its version, for the conditions. */
    String version();

    /** Whether the scenario means anything to it. */
    boolean takes(Scenario scenario);

    /** Starts it; the caller closes it. */
    Running start(Scenario scenario) throws IOException, InterruptedException;

    /** A subject that runs. Confined to the main thread. */
    interface Running extends AutoCloseable
    {
        long pid();

        LoadTarget target();

        ItemSource source();

        @Override
        void close();
    }
}
