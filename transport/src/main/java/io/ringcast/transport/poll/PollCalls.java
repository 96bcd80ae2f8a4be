package io.ringcast.transport.poll;

/** Carries the pollers' calls to their upstream. Confined to the upstream's I/O loop. */
public interface PollCalls
{
    /**
     * Asks.
     *
     * @param method what to call.
     * @param params its parameters, a JSON array.
     * @param taker  told exactly once, later, unless the connection ends; then never.
     */
    void call(String method, String params, PollTaker taker);
}
