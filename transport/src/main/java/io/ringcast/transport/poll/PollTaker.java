package io.ringcast.transport.poll;

/** Takes the answer to one call of a poller. Confined to the upstream's I/O loop. */
public interface PollTaker
{
    /**
     * The call succeeded.
     *
     * @param bytes  hold the result, in a text that the scanner has accepted; borrowed for the call.
     * @param offset where it starts.
     * @param length its length in bytes.
     */
    void onResult(byte[] bytes, int offset, int length);

    /**
     * The call failed, or was not answered in time.
     *
     * @param code    a JSON-RPC error code, the node's or the relay's.
     * @param message what went wrong.
     */
    void onFailure(int code, String message);
}
