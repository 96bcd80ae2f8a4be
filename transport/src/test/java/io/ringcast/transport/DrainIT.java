package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;

/** Who subscribes to the status hears of the relay's end before it comes, where to go and where it was. */
@Timeout(60)
class DrainIT
{
    @Test
    void shouldTellHowSoonAndWhereToGoAndWhereEachSubscriptionWasBeforeItCloses() throws Exception
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, config -> config
            .doors(config.doors().toBuilder().drainNoticeMs(150).alternative("wss://relay-2.example/").build())))
        {
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"]");
            client.subscribe("[\"relay_status\"]");
            SessionIT.publishHeads(bed, 1, 3);
            next(client, "\"number\":\"0x3\"");

            final long beganNs = System.nanoTime();
            final Thread closing = new Thread(bed.relay()::close);
            closing.start();
            final String drain = next(client, "\"event\":\"drain\"");
            assertTrue(drain.contains("{\"event\":\"drain\",\"inMs\":150,\"alt\":\"wss://relay-2.example/\"," +
                "\"feedsLive\":1,"), drain);
            final String own = next(client, "\"event\":\"own\"");
            assertTrue(own.matches(".*\\{\"event\":\"own\",.*\"resume\":\\{\"e\":\"[0-9a-z]{7}\"," +
                "\"q\":\\[3,\\d+]}.*"), own);
            assertEquals(1012, client.readClose());
            assertTrue(System.nanoTime() - beganNs >= 150_000_000L, "closed before it was to");
            closing.join();
        }
    }

    private static String next(final RawClient client, final String part) throws IOException
    {
        String text = client.readText();
        while (!text.contains(part))
        {
            text = client.readText();
        }
        return text;
    }
}
