package io.ringcast.transport;

import java.util.concurrent.CompletionStage;

/** A subscription of this process. Any thread. */
public interface LocalSubscription extends AutoCloseable
{
    /**
     * Tells when the subscription is granted.
     *
     * @return completes with the subscription id, or exceptionally with the error's JSON text, or because it was
     *         closed before.
     */
    CompletionStage<String> granted();

    /** Ends it; an item under way may still come. */
    @Override
    void close();
}
