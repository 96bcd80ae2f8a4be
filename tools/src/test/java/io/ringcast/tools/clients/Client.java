package io.ringcast.tools.clients;

import java.net.URI;

import com.fasterxml.jackson.databind.JsonNode;

/** A client library under test, in both modes of the scenario (see {@code scenario.mjs}). */
interface Client
{
    /** Does the whole scenario at {@code url}; gives everything seen. {@code node} is the one behind the URL. */
    JsonNode run(URI url, AnvilNode node);

    /**
     * Subscribes heads, logs and pending transactions, and keeps them. Its lines: {@code ready}, then
     * {@code head <number>}, {@code log <value>}, {@code pending <hash>}, {@code closed <code>}.
     */
    Kept keep(URI url);

    /** Subscriptions that are held until {@link #quit()}. */
    interface Kept extends AutoCloseable
    {
        Arrivals<String> lines();

        /** Unsubscribes; then {@code done <what was seen on the wire, as JSON>} follows. */
        void quit();

        @Override
        void close();
    }
}
