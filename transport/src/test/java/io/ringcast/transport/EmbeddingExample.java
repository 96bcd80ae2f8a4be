package io.ringcast.transport;

// tag::example[]
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Relays a node, prints the next three heads, and stops. */
public final class EmbeddingExample
{
    public static void main(final String[] args) throws Exception
    {
        final CountDownLatch heads = new CountDownLatch(3);
        try (Relay relay = Relay.builder().upstream(args[0]).listen("127.0.0.1", 0).start();
            LocalSubscription subscription = relay.subscribe("[\"newHeads\"]", (sequence, bytes, offset, length) ->
            {
                // The bytes are lent for this call, on an I/O thread: take what you need and return.
                System.out.println(sequence + " " + bytes.toString(offset, length, StandardCharsets.UTF_8));
                heads.countDown();
            }))
        {
            subscription.granted().toCompletableFuture().join();
            System.out.println("clients may connect to ws:/" + relay.address());
            heads.await();
        }
    }
}
// end::example[]
