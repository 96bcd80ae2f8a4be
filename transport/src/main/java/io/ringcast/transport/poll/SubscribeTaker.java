package io.ringcast.transport.poll;

/** Takes the answer to a subscribe. Confined to the upstream's I/O loop. */
public interface SubscribeTaker
{
    /**
     * The feed has begun; its items come after this.
     *
     * @param subscriptionId names the feed, without quotes.
     */
    void onGranted(String subscriptionId);

    /**
     * There will be no such feed.
     *
     * @param code    a JSON-RPC error code.
     * @param message why.
     */
    void onRefused(int code, String message);
}
